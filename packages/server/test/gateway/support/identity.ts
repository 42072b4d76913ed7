import type { Key } from '@keywright/contract';
import { expect } from 'vitest';
import { slug } from './guarded-api.ts';
import { namesOf, valuesOf } from './send.ts';
import type { Received } from './upstream.ts';

const names = [
  'x-keywright-channel',
  'x-keywright-key-id',
  'x-keywright-owner-id',
  'x-keywright-project-id',
  'x-keywright-scopes',
];
const credentials = ['authorization', 'x-api-key', 'x-key-id', 'x-key-secret'];

/** The API must have been told by whom it is asked: each header once, and nothing else that looks like one of them. */
export function expectIdentity(
  received: Received | undefined,
  { id, ownerId, projectId, scopes }: Key,
): void {
  expect(received).toBeDefined();
  if (received === undefined) return;
  const told = Object.fromEntries(names.map((name) => [name, valuesOf(received, name)]));
  expect(told).toEqual({
    'x-keywright-channel': [slug],
    'x-keywright-key-id': [id],
    'x-keywright-owner-id': [ownerId ?? '-'],
    'x-keywright-project-id': [projectId],
    'x-keywright-scopes': [scopes.join(' ') || '-'],
  });
  const alike = namesOf(received).filter((name) => /keywright/.test(name));
  expect(alike.sort()).toEqual(names);
}

/** The API must have got nothing of the key, under whatever name. */
export function expectNoCredential(received: Received | undefined, ...secrets: readonly string[]): void {
  expect(received).toBeDefined();
  if (received === undefined) return;
  expect(namesOf(received).filter((name) => credentials.includes(name))).toEqual([]);
  for (const secret of secrets) expect(JSON.stringify(received)).not.toContain(secret);
}
