import { readFileSync } from 'node:fs';
import { buildOpenApi } from '@keywright/contract';
import { expect, test } from 'vitest';

const contract = new URL('../../../contract/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, contract), 'utf8');

test('the committed OpenAPI document is what the contract describes (scripts/write-openapi.ts writes it)', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };

  expect(read('openapi.json')).toBe(`${JSON.stringify(buildOpenApi(version), null, 2)}\n`);
});

test('every reference in the OpenAPI document leads somewhere', () => {
  const document = JSON.parse(read('openapi.json')) as { components: { schemas: Record<string, unknown> } };
  const references = [...read('openapi.json').matchAll(/"\$ref": "#\/components\/schemas\/(\w+)"/g)].map(
    (match) => match[1],
  );

  expect(references.length).toBeGreaterThan(0);
  expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining([...new Set(references)]));
});
