import { ipAddress, ipRange } from '@keywright/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRanges, isAddressAllowed } from './address.ts';

function isIn(ranges: string | string[], ip: string): boolean {
  return isAddressAllowed(compileRanges([ranges].flat()), ip);
}

test.each([
  ['192.0.2.1', '192.0.2.1', true],
  ['192.0.2.1', '192.0.2.2', false],
  ['192.0.2.1/32', '192.0.2.1', true],
  ['192.0.2.1/32', '192.0.2.0', false],
  ['192.0.2.0/31', '192.0.2.1', true],
  ['192.0.2.0/31', '192.0.2.2', false],
  ['0.0.0.0/0', '255.255.255.255', true],
  ['0.0.0.0/0', '::1', false],
  ['128.0.0.0/1', '127.255.255.255', false],
  ['128.0.0.0/1', '128.0.0.0', true],
  // The bits behind the range's width say nothing.
  ['10.1.2.3/8', '10.200.0.1', true],
  ['10.0.0.0/8', '11.0.0.0', false],
])('%s and %s: %s', (range, ip, expected) => {
  expect(isIn(range, ip)).toBe(expected);
});

test.each([
  ['2001:db8::1', '2001:db8::1', true],
  ['2001:db8::1', '2001:0DB8:0000:0000:0000:0000:0000:0001', true],
  ['2001:0db8:0:0:0:0:0:1', '2001:db8::1', true],
  ['2001:DB8::/32', '2001:db8:ffff::', true],
  ['2001:db8::/32', '2001:db9::', false],
  ['2001:db8::1/128', '2001:db8::2', false],
  ['::/0', '2001:db8::1', true],
  ['::1', '0:0:0:0:0:0:0:1', true],
  ['::', '0:0::0:0', true],
  ['64:ff9b::/96', '64:ff9b::192.0.2.1', true],
  ['fe80::/10', 'febf::1', true],
  ['fe80::/10', 'fec0::1', false],
])('%s and %s: %s', (range, ip, expected) => {
  expect(isIn(range, ip)).toBe(expected);
});

describe('an IPv4 address in the clothes of IPv6', () => {
  test.each(['::ffff:10.1.2.3', '::ffff:a01:203', '::FFFF:0A01:0203', '0:0:0:0:0:ffff:10.1.2.3'])(
    '%s is 10.1.2.3, as the address and as the range',
    (mapped) => {
      expect(isIn('10.1.2.3', mapped)).toBe(true);
      expect(isIn('10.0.0.0/8', mapped)).toBe(true);
      expect(isIn('10.1.2.4', mapped)).toBe(false);
      expect(isIn(mapped, '10.1.2.3')).toBe(true);
      expect(isIn(mapped, '10.1.2.4')).toBe(false);
      expect(isIn(mapped, mapped)).toBe(true);
    },
  );

  test('is not one that only ends like it', () => {
    expect(isIn('10.1.2.3', '::10.1.2.3')).toBe(false);
    expect(isIn('10.1.2.3', '64:ff9b::10.1.2.3')).toBe(false);
    expect(isIn('::10.1.2.3', '10.1.2.3')).toBe(false);
    expect(isIn('10.1.2.3', '::ffff:0:a01:203')).toBe(false);
  });

  test.each([
    ['::ffff:10.0.0.0/104', '10.200.0.1', true],
    ['::ffff:10.0.0.0/104', '11.0.0.1', false],
    ['::ffff:10.1.2.3/128', '10.1.2.3', true],
    ['::ffff:0.0.0.0/96', '203.0.113.9', true],
    ['::ffff:0.0.0.0/96', '::1', false],
    // Wider than all of IPv4: what else of IPv6 is in the range is in it.
    ['::ffff:10.0.0.0/95', '203.0.113.9', true],
    ['::ffff:10.0.0.0/95', '::fffe:0:1', true],
    ['::ffff:10.0.0.0/95', '::1', false],
    ['::ffff:0:0/0', '2001:db8::1', true],
    ['::ffff:0:0/0', '203.0.113.9', true],
    ['::/80', '203.0.113.9', true],
    ['::/81', '203.0.113.9', false],
  ])('%s and %s: %s', (range, ip, expected) => {
    expect(isIn(range, ip)).toBe(expected);
  });
});

test('of several ranges one is enough, and of none there is none', () => {
  expect(isIn(['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'], '192.0.2.7')).toBe(true);
  expect(isIn(['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'], '192.0.2.8')).toBe(false);
  expect(isIn([], '192.0.2.8')).toBe(false);
});

const bits32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });

function writeV4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

test('ranges of IPv4 are what arithmetic on 32 bits says', () => {
  const near = fc.option(fc.nat(31), { nil: null });
  fc.assert(
    fc.property(bits32, fc.nat(32), bits32, near, (net, bits, other, flipped) => {
      const address = flipped === null ? other : (net ^ (1 << flipped)) >>> 0;
      const mask = bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0;
      const expected = (net & mask) >>> 0 === (address & mask) >>> 0;
      expect(isIn(`${writeV4(net)}/${bits}`, writeV4(address))).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

const width = 128n;
const mappedStart = 0xffffn << 32n;

/** An IPv6 address in one of the ways in which it can be written. */
function writeV6(address: bigint, spelling: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => Number((address >> BigInt(112 - 16 * i)) & 0xffffn));
  const hex = groups.map((group) => group.toString(16));
  if (spelling === 0) return hex.join(':');
  if (spelling === 1) return hex.map((group) => group.padStart(4, '0').toUpperCase()).join(':');
  const tail = writeV4(Number(address & 0xffff_ffffn));
  const full = spelling === 2 ? hex.join(':') : `${hex.slice(0, 6).join(':')}:${tail}`;
  return full.replace(/(^|:)0(:0)+(:|$)/, '::');
}

function isMapped(address: bigint): boolean {
  return address >> 32n === 0xffffn;
}

/** Addresses as 128 bits, in which IPv4 is the part behind `::ffff:0:0`; many of them are of that part or close to it. */
const bits128 = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << width) - 1n }),
  bits32.map((address) => mappedStart | BigInt(address)),
  bits32.map((address) => BigInt(address)),
  fc
    .tuple(fc.nat(47), bits32)
    .map(([bit, address]) => (mappedStart ^ (1n << BigInt(32 + bit))) | BigInt(address)),
);

interface Range {
  net: bigint;
  bits: number;
  text: string;
}

const range: fc.Arbitrary<Range> = fc.tuple(bits128, fc.nat(128), fc.nat(4)).map(([net, bits, spelling]) => {
  const asV4 = spelling === 4 && isMapped(net) && bits >= 96;
  const address = asV4 ? writeV4(Number(net & 0xffff_ffffn)) : writeV6(net, spelling % 4);
  return { net, bits, text: `${address}/${asV4 ? bits - 96 : bits}` };
});

function covers({ net, bits }: Range, address: bigint): boolean {
  return (net ^ address) >> BigInt(128 - bits) === 0n;
}

test('ranges of both kinds are what arithmetic on 128 bits says, however they are written', () => {
  const near = fc.option(fc.nat(127), { nil: null });
  fc.assert(
    fc.property(
      fc.array(range, { minLength: 1, maxLength: 3 }),
      bits128,
      near,
      fc.nat(4),
      (ranges, other, flipped, spelling) => {
        const first = ranges[0]?.net ?? 0n;
        const address = flipped === null ? other : first ^ (1n << BigInt(flipped));
        const asV4 = spelling === 4 && isMapped(address);
        const text = asV4 ? writeV4(Number(address & 0xffff_ffffn)) : writeV6(address, spelling % 4);
        expect(ranges.every((one) => ipRange.safeParse(one.text).success)).toBe(true);
        expect(
          isIn(
            ranges.map((one) => one.text),
            text,
          ),
        ).toBe(ranges.some((one) => covers(one, address)));
      },
    ),
    { numRuns: 2000 },
  );
});

test('whatever the contract lets in can be compiled and asked for', () => {
  const characters = fc.constantFrom(...'0123456789abcdefABCDEF:::..//[]@%#?\\ -+xeN\n');
  const seeds = fc.constantFrom(
    '::1',
    '1.2.3.4',
    '10.0.0.0/8',
    '2001:db8::/32',
    '::ffff:1.2.3.4/100',
    '::/3',
  );
  const edit = fc.tuple(fc.nat(20), fc.nat(1), fc.string({ unit: characters, maxLength: 2 }));
  const mutated = fc.tuple(seeds, fc.array(edit, { maxLength: 3 })).map(([seed, edits]) => {
    let text = seed;
    for (const [at, cut, put] of edits) text = text.slice(0, at) + put + text.slice(at + cut);
    return text;
  });
  const tried = fc.oneof(mutated, fc.constantFrom('::/1.5', '::/NaN', '::/-0', 'fe80::1%eth0', '::1%1'));
  const everything = compileRanges(['0.0.0.0/0', '::/0']);
  fc.assert(
    fc.property(tried, (text) => {
      if (ipRange.safeParse(text).success) compileRanges([text]);
      if (ipAddress.safeParse(text).success) expect(isAddressAllowed(everything, text)).toBe(true);
    }),
    { numRuns: 5000 },
  );
});
