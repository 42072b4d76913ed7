import { describe, expect, test } from 'vitest';
import { ipAddress, ipAllow, ipRange } from './address.ts';

const addresses = [
  '0.0.0.0',
  '255.255.255.255',
  '10.1.2.3',
  '::',
  '::1',
  '2001:db8::1',
  '2001:0DB8:0:0:0:0:0:1',
  '1:2:3:4:5:6:7:8',
  '::ffff:10.1.2.3',
  '::ffff:a01:203',
];
const ranges = [
  '0.0.0.0/0',
  '10.0.0.0/8',
  '10.1.2.3/32',
  '::/0',
  '2001:db8::/32',
  '::1/128',
  '::ffff:10.0.0.0/104',
];
const neither = [
  '',
  ' ',
  'localhost',
  '1.2.3',
  '1.2.3.4.5',
  '256.0.0.1',
  '01.2.3.4',
  '0x7f.0.0.1',
  '2130706433',
  '1.2.3.4 ',
  ' 1.2.3.4',
  '1.2.3.4\n',
  '1.2.3.4:80',
  ':::',
  '1::2::3',
  '::12345',
  '[::1]',
  '[::1]:80',
  'fe80::1%eth0',
  '::1%0',
  'http://1.2.3.4',
  '1.2.3.4/33',
  '1.2.3.4/-1',
  '1.2.3.4/',
  '1.2.3.4/08',
  '1.2.3.4/1.5',
  '1.2.3.4/8/8',
  '::/129',
  '::/-1',
  '::/',
  '::/064',
  '::/1.5',
  '::/NaN',
  '::/1e1',
  '::/ 8',
  '::/8 ',
  '/8',
  '*',
];

describe('an address', () => {
  test.each(addresses)('is %s, which is a range too', (address) => {
    expect(ipAddress.parse(address)).toBe(address);
    expect(ipRange.parse(address)).toBe(address);
  });

  test.each([...ranges, ...neither, null, 1, ['::1'], {}])('is not %j', (wrong) => {
    expect(ipAddress.safeParse(wrong).success).toBe(false);
  });
});

describe('a range', () => {
  test.each(ranges)('is %s', (range) => {
    expect(ipRange.parse(range)).toBe(range);
  });

  test.each([...neither, null, 1, ['::1'], {}])('is not %j', (wrong) => {
    expect(ipRange.safeParse(wrong).success).toBe(false);
  });
});

test('there are at most 100 ranges', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => `10.0.0.${i}`);
  expect(ipAllow.parse(hundred)).toEqual(hundred);
  expect(ipAllow.safeParse([...hundred, '::1']).success).toBe(false);
});
