import { expect, test } from 'vitest';
import { findViolations } from './import-rules.ts';

const server = 'packages/server/src';
const check = (files: Record<string, string>) => findViolations(new Map(Object.entries(files)));

test('lets pass what follows the directions', () => {
  const violations = check({
    'packages/contract/src/key.ts': `import { z } from 'zod';\nimport { id } from './id.ts';`,
    'packages/contract/src/id.ts': `export const id = 1;`,
    [`${server}/keys/create-key.ts`]: `import { hash } from 'node:crypto';\nimport { isIP } from 'node:net';\nimport { errorTable } from '@keywright/contract';\nimport type { Caller } from '../domain/caller.ts';`,
    [`${server}/keys/create-key.test.ts`]: `import { test } from 'vitest';\nimport { openDatabase } from '../storage/sqlite.ts';`,
    [`${server}/storage/key-store.ts`]: `import { sql } from 'kysely';\nimport type { KeyStore } from '../keys/key-store.ts';`,
    [`${server}/cli/serve.ts`]: `import { compose } from '../compose.ts';\nconst port = process.env.PORT;`,
    [`${server}/compose.ts`]: `import { createApp } from './http/server.ts';`,
    [`${server}/http/server.ts`]: `import { createServer } from 'node:http';\nimport { beginExchange } from '../wire/exchange.ts';`,
    [`${server}/gateway/auth-doors.ts`]: `import { beginExchange } from '../wire/exchange.ts';`,
    'packages/sdk/src/client.ts': `import type { Key } from '@keywright/contract';`,
  });
  expect(violations).toEqual([]);
});

test.each([
  ['packages/contract/src/key.ts', `import { hash } from 'node:crypto';`, 'zod only'],
  ['packages/sdk/src/client.ts', `import { errorTable } from '@keywright/contract';`, 'nothing at run time'],
  [
    'packages/console/src/page.tsx',
    `import { compose } from '../../server/src/compose.ts';`,
    'the contract only',
  ],
  [`${server}/http/server.ts`, `import { key } from '../../../contract/src/key.ts';`, 'by name'],
  [`${server}/keys/create-key.ts`, `import type { Context } from 'hono';`, 'the domain knows no HTTP'],
  [`${server}/keys/create-key.ts`, `import { sql } from 'kysely';`, 'the domain knows no HTTP'],
  [`${server}/keys/create-key.ts`, `import { isIP, createServer } from 'node:net';`, 'the domain'],
  [`${server}/keys/create-key.ts`, `export type { Row } from '../storage/schema.ts';`, 'the domain'],
  [`${server}/ledger/append.ts`, `const database = await import('../storage/database.ts');`, 'the domain'],
  [`${server}/verification/verify.ts`, `const limit = process.env.LIMIT;`, 'must not read the environment'],
  [`${server}/http/server.ts`, `import { env } from 'node:process';`, 'must not read the environment'],
  [`${server}/storage/key-store.ts`, `import { problem } from '../http/problem.ts';`, 'who calls them'],
  [`${server}/http/server.ts`, `import { proxy } from '../gateway/proxy.ts';`, 'the ways in'],
  [`${server}/gateway/proxy.ts`, `import { problem } from '../http/problem.ts';`, 'the ways in'],
  [`${server}/wire/exchange.ts`, `import { proxy } from '../gateway/proxy.ts';`, 'knows none of them'],
  [`${server}/wire/exchange.ts`, `import { App } from '../http/app.ts';`, 'knows none of them'],
  [
    `${server}/wire/exchange.ts`,
    `import type { Database } from '../storage/schema.ts';`,
    'knows none of them',
  ],
  [
    `${server}/keys/create-key.ts`,
    `import { problem } from '../wire/problem.ts';`,
    'the domain knows no HTTP',
  ],
  [`${server}/http/server.ts`, `import type { App } from '../compose.ts';`, 'only main.ts and the commands'],
  [`${server}/http/server.ts`, `import { fakeClock } from '../domain/testing/fake-clock.ts';`, 'no part'],
  [
    `${server}/http/server.ts`,
    `import { startPostgres } from '../../../test-support/postgres.ts';`,
    'no part',
  ],
])('%s may not contain %s', (path, source, because) => {
  expect(check({ [path]: source })).toEqual([expect.stringContaining(because)]);
});

test('finds a circle, and takes no import of a type for one', () => {
  const a = `${server}/keys/a.ts`;
  const b = `${server}/keys/b.ts`;
  expect(check({ [a]: `import { b } from './b.ts';`, [b]: `export * from './a.ts';` })).toEqual([
    `These import each other: ${a} → ${b} → ${a}.`,
  ]);
  expect(check({ [a]: `import { b } from './b.ts';`, [b]: `import type { A } from './a.ts';` })).toEqual([]);
});
