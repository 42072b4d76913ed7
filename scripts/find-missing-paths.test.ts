import { expect, test } from 'vitest';
import { findMissingPaths } from './find-missing-paths.ts';

const here = new Set(['packages/server/src/main.ts', 'docs/', 'packages/*/src', 'README.md']);
const missing = (markdown: string) => findMissingPaths(markdown, (path) => here.has(path));

test('names the paths that lead nowhere, each once', () => {
  const markdown =
    'See `docs/`, `packages/server/src/main.ts`, `gone/away.ts`, `LOST.md`, `README.md`, `gone/away.ts`.';
  expect(missing(markdown)).toEqual(['gone/away.ts', 'LOST.md']);
});

test('takes a placeholder for any name', () => {
  expect(missing('`packages/<name>/src` and `packages/<name>/test`')).toEqual(['packages/<name>/test']);
});

test('leaves alone what is no path of the repository', () => {
  const markdown = `
\`/v1/keys\` \`@keywright/contract\` \`application/json\` \`GET /healthz\` \`npm run up\` \`main\` \`a / b\` \`node:http\`
\`\`\`
docs/elsewhere.md \`not/here.ts\`
\`\`\`
`;
  expect(missing(markdown)).toEqual([]);
});
