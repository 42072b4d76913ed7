import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Hono } from 'hono';
import type { HttpEnv } from '../../../wire/exchange.ts';
import { loadAsset, registerAsset } from '../../asset.ts';
import { renderDocsPage } from '../../pages/docs-page.ts';
import { htmlResponse } from '../../pages/page.ts';

/** What Swagger UI does besides showing text: it loads the document, tries routes out, and has icons in its style. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The API reference at `/docs`: Swagger UI, served from here and from nowhere else. */
export function registerDocs(app: Hono<HttpEnv>): void {
  const html = renderDocsPage();
  app.get('/docs', () => htmlResponse(html, policy));
  registerAsset(app, {
    path: '/docs/initializer.js',
    type: javascript,
    load: loadAsset('docs-initializer.js'),
  });
  for (const [name, type] of distributed) {
    registerAsset(app, {
      path: `/docs/${name}`,
      type,
      load: () => readFile(resolve(`swagger-ui-dist/${name}`)),
    });
  }
}

const { resolve } = createRequire(import.meta.url);
const javascript = 'text/javascript; charset=utf-8';
/** Of all that the package brings, what the page needs. */
const distributed = [
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['swagger-ui-bundle.js', javascript],
  ['favicon-32x32.png', 'image/png'],
] as const;
