import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { readRequestId } from './request-id.ts';

const read = (sent?: string) =>
  readRequestId({ headers: { 'x-request-id': sent } } as unknown as IncomingMessage);

describe("the caller's request id", () => {
  test.each(['a', 'A-1_b.c', '0'.repeat(128), '7f9c24e8-3b12-4fef-91d0-8c5a5d1c2f10'])(
    '%s is kept',
    (sent) => {
      expect(read(sent)).toBe(sent);
    },
  );

  test.each(['', ' a', 'a, b', '0'.repeat(129), 'a"b', 'a\r\nX-Evil: 1', 'ü', '../a', 'a%20b'])(
    '%j is not',
    (sent) => {
      expect(read(sent)).toMatch(/^req_[A-Za-z0-9_-]{20}$/);
    },
  );
});

test('a thousand new ids are all different, across the pools that they are cut from', () => {
  expect(new Set(Array.from({ length: 1000 }, () => read())).size).toBe(1000);
});
