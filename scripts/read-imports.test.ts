import { expect, test } from 'vitest';
import { readImports, readsEnvironment } from './read-imports.ts';

const specifiers = (source: string) => readImports(source).map((found) => found.specifier);

test('finds every form of import', () => {
  const source = `
import './a.ts';
import b from './b.ts';
import * as c from './c.ts';
import d, { type D } from "./d.ts";
import type { E } from './e.ts';
import {
  one as two,
  type F,
} from './f.ts';
export * from './g.ts';
export { h } from './h.ts';
export type { I } from './i.ts';
const j = await import('./j.ts');
let k: import('./k.ts').K;
  `;
  expect(readImports(source)).toEqual([
    { specifier: './a.ts', names: [], isTypeOnly: false },
    { specifier: './b.ts', names: [], isTypeOnly: false },
    { specifier: './c.ts', names: [], isTypeOnly: false },
    { specifier: './d.ts', names: ['D'], isTypeOnly: false },
    { specifier: './e.ts', names: ['E'], isTypeOnly: true },
    { specifier: './f.ts', names: ['one', 'F'], isTypeOnly: false },
    { specifier: './g.ts', names: [], isTypeOnly: false },
    { specifier: './h.ts', names: ['h'], isTypeOnly: false },
    { specifier: './i.ts', names: ['I'], isTypeOnly: true },
    { specifier: './j.ts', names: [], isTypeOnly: false },
    { specifier: './k.ts', names: [], isTypeOnly: true },
  ]);
});

test('is not misled by comments, templates and strings', () => {
  const source = `
// import './no.ts';
/* process.env
import './no.ts';
*/
const text = \`
import './no.ts';
\`;
const routes = ['/assets/*', "it's"];
const quote = /['"\`]/g;
import './yes.ts';
const accept = '*/*';
const words = 'process.env';
`;
  expect(specifiers(source)).toEqual(['./yes.ts']);
  expect(readsEnvironment(source)).toBe(false);
});

test('takes no other statement for an import', () => {
  expect(specifiers(`export const from = 'a';\nexport default 'b';\nexport const c = [\n  'd',\n];`)).toEqual(
    [],
  );
});

test.each([
  'process.env.PORT',
  'process?.env',
  `const { env } = process;`,
  `import { env } from 'node:process';`,
  `\`\${process.env.PORT}\``,
])('sees that %s reads the environment', (source) => {
  expect(readsEnvironment(source)).toBe(true);
});
