import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { readAuthorization } from './authorization.ts';

/** Headers as Node hands them out: all of them in `rawHeaders`, of several `authorization` the first in `headers`. */
function read(...rawHeaders: string[]): string | undefined {
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization');
  const authorization = at < 0 ? undefined : rawHeaders[at + 1];
  return readAuthorization({ headers: { authorization }, rawHeaders } as unknown as IncomingMessage);
}

test('one header is the credential', () => {
  expect(read('Host', 'x', 'Authorization', 'Bearer a')).toBe('Bearer a');
});

test('no header is none', () => {
  expect(read('Host', 'authorization')).toBeUndefined();
});

test('a value that reads like the name is not counted', () => {
  expect(read('Authorization', 'Bearer a', 'X-Header-Name', 'authorization')).toBe('Bearer a');
});

test.each([
  ['the same twice', 'Bearer a', 'Bearer a'],
  ['two different ones', 'Bearer a', 'Bearer b'],
  ['an empty one besides', 'Bearer a', ''],
])('%s: unauthenticated', (_, first, second) => {
  expect(() => read('Authorization', first, 'AUTHORIZATION', second)).toThrow(
    expect.objectContaining({ code: 'unauthenticated' }),
  );
});
