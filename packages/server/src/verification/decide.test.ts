import { verifyCodes } from '@keywright/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRanges } from './address.ts';
import { type DecidableKey, decide, type Question } from './decide.ts';

const now = Date.UTC(2027, 0, 31, 12);
const here = { id: 'chn_here', projectId: 'prj_1' };

const key: DecidableKey = {
  status: 'active',
  projectId: 'prj_1',
  channelId: null,
  retiresAt: null,
  expiresAt: null,
  scopes: [],
  allowedAddresses: null,
};
const question: Question = { channel: null, ip: null, scopes: [] };

function ask(of: Partial<DecidableKey>, asked: Partial<Question> = {}, at = now) {
  return decide({ ...key, ...of }, { ...question, ...asked }, at);
}

interface Fault {
  code: (typeof verifyCodes)[number];
  of: Partial<DecidableKey>;
  asked: Partial<Question>;
}

/** One fault for each reason, in the order in which they are told. */
const faults: Fault[] = [
  { code: 'revoked', of: { status: 'revoked' }, asked: {} },
  { code: 'revoked', of: { retiresAt: now }, asked: {} },
  { code: 'inactive', of: { status: 'inactive' }, asked: {} },
  { code: 'expired', of: { expiresAt: now }, asked: {} },
  { code: 'wrong_channel', of: { channelId: 'chn_there' }, asked: { channel: here } },
  { code: 'ip_denied', of: { allowedAddresses: compileRanges(['10.0.0.1']) }, asked: { ip: '10.0.0.2' } },
  { code: 'insufficient_scope', of: { scopes: ['orders:read'] }, asked: { scopes: ['orders:write'] } },
];

test('a key without a fault passes', () => {
  expect(ask({})).toBe('valid');
});

test.each(faults)('$code: $of', ({ code, of, asked }) => {
  expect(ask(of, asked)).toBe(code);
});

test('the order of the faults is the order of the contract', () => {
  const told = [...new Set(faults.map(({ code }) => code))];
  expect(told).toEqual(verifyCodes.filter((code) => told.includes(code)));
  expect(told).toEqual([
    'revoked',
    'inactive',
    'expired',
    'wrong_channel',
    'ip_denied',
    'insufficient_scope',
  ]);
});

test('a key with any set of faults is told the first of them', () => {
  for (let set = 1; set < 2 ** faults.length; set++) {
    const held = faults.filter((_, index) => set & (1 << index));
    // The first one last, since a status can only be one thing.
    const of = Object.assign({}, ...held.map((fault) => fault.of).reverse());
    const asked = Object.assign({}, ...held.map((fault) => fault.asked).reverse());
    expect(ask(of, asked), held.map(({ code }) => code).join(' and ')).toBe(held[0]?.code);
  }
});

describe('the moment', () => {
  test.each([
    [now - 1, 'expired'],
    [now, 'expired'],
    [now + 1, 'valid'],
    [0, 'expired'],
  ])('a key that expires at %i is %s', (expiresAt, code) => {
    expect(ask({ expiresAt })).toBe(code);
  });

  test.each([
    [now - 1, 'revoked'],
    [now, 'revoked'],
    [now + 1, 'valid'],
    [0, 'revoked'],
  ])('a secret that retires at %i is %s', (retiresAt, code) => {
    expect(ask({ retiresAt })).toBe(code);
  });
});

describe('channels', () => {
  test.each([
    ['an unbound key is good at any channel of its project', null, here, 'valid'],
    ['a bound key is good at its own', 'chn_here', here, 'valid'],
    ['a bound key is not good at another', 'chn_there', here, 'wrong_channel'],
    ['a key is asked for no channel', 'chn_there', null, 'valid'],
    [
      'an unbound key is not good in another project',
      null,
      { id: 'chn_here', projectId: 'prj_2' },
      'wrong_channel',
    ],
    [
      'a bound key is not good where its channel is of another project',
      'chn_here',
      { id: 'chn_here', projectId: 'prj_2' },
      'wrong_channel',
    ],
  ])('%s', (_, channelId, channel, code) => {
    expect(ask({ channelId }, { channel })).toBe(code);
  });
});

describe('addresses', () => {
  const allowedAddresses = compileRanges(['10.0.0.0/8', '2001:db8::/32']);

  test.each([
    ['10.1.2.3', 'valid'],
    ['::ffff:10.1.2.3', 'valid'],
    ['2001:db8::1', 'valid'],
    ['11.1.2.3', 'ip_denied'],
    ['2001:db9::1', 'ip_denied'],
    [null, 'ip_denied'],
  ])('from %s a key with ranges is %s', (ip, code) => {
    expect(ask({ allowedAddresses }, { ip })).toBe(code);
  });

  test('a key without ranges is good from anywhere, and from nobody knows where', () => {
    expect(ask({}, { ip: '203.0.113.9' })).toBe('valid');
    expect(ask({}, { ip: null })).toBe('valid');
  });
});

describe('scopes', () => {
  test.each<[held: string[], needed: string[], covers: boolean]>([
    [[], [], true],
    [['orders:read'], [], true],
    [[], ['orders:read'], false],
    [['orders:read'], ['orders:read'], true],
    [['orders:read'], ['orders:read', 'orders:write'], false],
    [['orders:read', 'orders:write'], ['orders:write', 'orders:read'], true],
    [['orders:read'], ['orders:rea'], false],
    [['orders:rea'], ['orders:read'], false],
    [['*'], ['orders:read'], true],
    [['*'], ['*'], true],
    [['orders:*'], ['orders:read'], true],
    [['orders:*'], ['orders:read:own'], true],
    [['orders:*'], ['orders:'], true],
    [['orders:*'], ['orders'], false],
    [['orders:*'], ['order:read'], false],
    [['orders:*'], ['users:read'], false],
    [['orders*'], ['orders'], true],
    [['orders*'], ['ordersandmore'], true],
    // Only at the end does it stand for anything.
    [['*:read'], ['orders:read'], false],
    [['orders:*:read'], ['orders:own:read'], false],
    [['orders:*:read'], ['orders:*:read'], true],
    [['orders:**'], ['orders:*'], true],
    [['orders:**'], ['orders:read'], false],
    // What is needed is taken as it is written.
    [['orders:read'], ['orders:*'], false],
    [['orders:*'], ['orders:*'], true],
    [['orders:*'], ['*'], false],
    [['orders:read', 'orders:write'], ['orders:*'], false],
    // It is no pattern otherwise either.
    [['orders.read'], ['ordersxread'], false],
    [['o-_.:*'], ['o-_.:x'], true],
  ])('%j for %j: %s', (scopes, needed, covers) => {
    expect(ask({ scopes }, { scopes: needed })).toBe(covers ? 'valid' : 'insufficient_scope');
  });

  test('more scopes on a key take nothing away, and fewer needed neither', () => {
    const scope = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*'), minLength: 1, maxLength: 4 });
    const scopes = fc.array(scope, { maxLength: 4 });
    fc.assert(
      fc.property(scopes, scopes, scope, (held, needed, another) => {
        if (ask({ scopes: held }, { scopes: needed }) !== 'valid') return;
        expect(ask({ scopes: [another, ...held] }, { scopes: needed })).toBe('valid');
        expect(ask({ scopes: held }, { scopes: needed.slice(1) })).toBe('valid');
      }),
    );
  });

  test('a scope that does not end in * covers itself alone', () => {
    const scope = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(scope, scope, (held, needed) => {
        fc.pre(!held.endsWith('*'));
        expect(ask({ scopes: [held] }, { scopes: [needed] }) === 'valid').toBe(held === needed);
      }),
    );
  });
});
