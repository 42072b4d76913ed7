import type { Key } from '@keywright/contract';
import { expect, test } from 'vitest';
import { pageOf, rankKeys } from './busy-keys-query.ts';

const keys = ['quiet', 'used', 'hammers'].map((id) => ({ id }) as Key);

test('refused requests count as much as accepted ones, and what nobody asked for is left out', () => {
  const rows = rankKeys(keys, [
    { keyId: 'used', code: 'valid', count: 12 },
    { keyId: 'used', code: 'rate_limited', count: 1 },
    { keyId: 'hammers', code: 'revoked', count: 20 },
    { keyId: 'hammers', code: 'revoked', count: 10 },
  ]);
  expect(rows.map(({ k, accepted, refused }) => [k.id, accepted, refused])).toStrictEqual([
    ['hammers', 0, 30],
    ['used', 12, 1],
  ]);
});

test('pages lead on and back, and a place that is none is the first', () => {
  const rows = Array.from({ length: 45 }, (_, index) => index);
  expect(pageOf(rows, undefined).page).toMatchObject({ previous: null, next: '20', from: 1, to: 20 });
  expect(pageOf(rows, '20').page).toMatchObject({ previous: '0', next: '40', from: 21, to: 40 });
  expect(pageOf(rows, '40')).toMatchObject({ rows: [40, 41, 42, 43, 44], page: { next: null, to: 45 } });
  for (const cursor of ['zz', '-1', '1.5', '999']) expect(pageOf(rows, cursor).page.from).toBe(1);
  expect(pageOf([], undefined).page).toMatchObject({ previous: null, next: null, from: 0, to: 0, total: 0 });
});
