import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { thirdPartyLicenses } from '../../scripts/third-party-licenses.ts';

// `npm run dev` serves the server at its usual place; the console's own development server passes requests on to it.
const server = process.env.KEYWRIGHT_URL ?? 'http://127.0.0.1:8787';

const onlyStyled = ['@fontsource-variable/inter', '@fontsource-variable/jetbrains-mono', 'tailwindcss'];

export default defineConfig({
  plugins: [react(), tailwindcss(), takeOutInlineStyles(), thirdPartyLicenses(onlyStyled)],
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2023',
    // What a picture or font weighs is for the browser to fetch; nothing is written into the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    rolldownOptions: {
      output: {
        // Without their names: each is written down again in all that import it, 3 kB of the first screen.
        chunkFileNames: 'assets/[hash].js',
        // The schemas apart from everything else: a screen that only shows things does without them.
        codeSplitting: {
          groups: [{ name: 'schemas', test: /node_modules\/zod\/|packages\/contract\// }],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ['/v1', '/api', '/docs', '/problems', '/icon.svg'].map((path) => [path, server]),
    ),
  },
});

/** sonner writes its style sheet into the page when it loads, which the content policy forbids; we import the file. */
function takeOutInlineStyles(): Plugin {
  return {
    name: 'take-out-inline-styles',
    transform(code, id) {
      if (!id.includes('/sonner/dist/')) return null;
      return { code: code.replace(/^__insertCSS\(.*\);?$/m, ''), map: null };
    },
  };
}
