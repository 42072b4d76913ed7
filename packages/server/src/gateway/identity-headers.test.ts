import { defaultChannelGateway } from '@keywright/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VerificationRecord } from '../verification/verification-record.ts';
import type { LoadedChannel } from '../verification/verification-store.ts';
import { identityHeaderNames, identityHeaders } from './identity-headers.ts';

const channel: LoadedChannel = {
  id: 'chn_1',
  projectId: 'prj_1',
  slug: 'orders',
  upstream: null,
  gateway: defaultChannelGateway,
};

function of(key: { ownerId?: string | null; scopes?: string[] } | null) {
  const record = key && ({ id: 'key_1', ownerId: null, scopes: [], ...key } as unknown as VerificationRecord);
  return identityHeaders(record, channel);
}

function ownerIn(ownerId: string): string {
  return of({ ownerId })['X-Keywright-Owner-Id'];
}

test('all of them are there, in any case', () => {
  for (const key of [null, {}, { ownerId: 'customer-42', scopes: ['a', 'b:*'] }]) {
    const headers = of(key);
    expect(Object.keys(headers)).toEqual([...identityHeaderNames]);
    for (const value of Object.values(headers)) expect(value).toMatch(/^[\x21-\x7e]+( [\x21-\x7e]+)*$/);
  }
});

test('they say whose key it is', () => {
  expect(of({ ownerId: 'customer-42', scopes: ['a', 'b:*'] })).toEqual({
    'X-Keywright-Key-Id': 'key_1',
    'X-Keywright-Owner-Id': 'customer-42',
    'X-Keywright-Project-Id': 'prj_1',
    'X-Keywright-Channel': 'orders',
    'X-Keywright-Scopes': 'a b:*',
  });
});

test('what there is none of is a dash', () => {
  expect(of(null)).toEqual({
    'X-Keywright-Key-Id': '-',
    'X-Keywright-Owner-Id': '-',
    'X-Keywright-Project-Id': 'prj_1',
    'X-Keywright-Channel': 'orders',
    'X-Keywright-Scopes': '-',
  });
  expect(of({})).toMatchObject({ 'X-Keywright-Owner-Id': '-', 'X-Keywright-Scopes': '-' });
});

describe('an owner’s id', () => {
  test.each([
    ['acc_01', 'acc_01'],
    ['ana@example.com', 'ana@example.com'],
    ['-', '%2D'],
    ['--', '--'],
    ['%2D', '%252D'],
    ['100%', '100%25'],
    ['a b', 'a%20b'],
    ['a\r\nX-Keywright-Key-Id: key_2', 'a%0D%0AX-Keywright-Key-Id:%20key_2'],
    ['\0\x7f', '%00%7F'],
    ['Zoë', 'Zo%C3%AB'],
    ['🔑', '%F0%9F%94%91'],
    ['\ud800', '%EF%BF%BD'],
    ['a\udc00b', 'a%EF%BF%BDb'],
  ])('%j is %s', (ownerId, expected) => {
    expect(ownerIn(ownerId)).toBe(expected);
  });

  test('is never empty', () => {
    expect(ownerIn('')).toBe('-');
  });

  test('cannot break out of its header, nor pose as none, and is read back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (ownerId) => {
        const value = ownerIn(ownerId);
        return /^[\x21-\x7e]+$/.test(value) && value !== '-' && decodeURIComponent(value) === ownerId;
      }),
      { numRuns: 2000 },
    );
  });
});
