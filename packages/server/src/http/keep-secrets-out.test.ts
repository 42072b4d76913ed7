import { describe, expect, test } from 'vitest';
import type { DomainError } from '../domain/error.ts';
import { generateSecret } from '../keys/secret-format.ts';
import { keepSecretsOut } from './keep-secrets-out.ts';

const secret = generateSecret('kw').reveal();

function pathsOf(body: unknown): string[] {
  try {
    keepSecretsOut(body);
  } catch (error) {
    return ((error as DomainError).errors ?? []).map(({ path }) => path);
  }
  return [];
}

test.each([
  null,
  undefined,
  'text',
  {},
  { name: 'K', metadata: { a: ['b', 1, null, { c: true }] } },
  { name: secret.slice(0, 63), ownerId: `kw_${'a'.repeat(61)}` },
])('what holds no secret stays as it is: %j', (body) => {
  expect(keepSecretsOut(body)).toEqual(body);
});

describe('a secret is refused, and its field named', () => {
  test.each([
    [{ name: secret }, ['name']],
    [{ description: `this is ${secret}, for\nAda` }, ['description']],
    [{ ownerId: `x${secret}y`, metadata: { a: [{ b: secret }] } }, ['ownerId', 'metadata.a.0.b']],
    [{ metadata: { [secret]: 1 } }, ['metadata']],
    [{ keys: [{ name: 'K' }, { name: secret }] }, ['keys.1.name']],
  ])('%#', (body, paths) => {
    expect(pathsOf(body)).toEqual(paths);
  });

  test('without being told again', () => {
    expect(() => keepSecretsOut({ name: secret, metadata: { [secret]: 1 } })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining(secret) }),
    );
  });
});

test('in a reason it is blotted out', () => {
  expect(keepSecretsOut({ reason: `${secret} was in a chat` })).toEqual({ reason: '[secret] was in a chat' });
});
