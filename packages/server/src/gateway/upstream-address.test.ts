import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createUpstreamGuard, forbiddenCode } from './upstream-address.ts';

const strict = createUpstreamGuard([]);
const open = createUpstreamGuard(['0.0.0.0/0', '::/0']);

test.each(['8.8.8.8', '93.184.215.14', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is public', (address) => {
  expect(strict.isAllowed(address)).toBe(true);
});

test.each([
  ...['127.0.0.1', '10.0.0.1', '172.31.255.255', '192.168.0.1', '100.64.0.1', '198.18.0.1', '192.0.2.1'],
  ...['::1', 'fc00::1', '::ffff:127.0.0.1', '64:ff9b::a00:1', '2002:7f00:1::', '2001:db8::1', '2001::1'],
])('%s is inner, and open to who allows it', (address) => {
  expect(strict.isAllowed(address)).toBe(false);
  expect(open.isAllowed(address)).toBe(true);
});

test.each([
  ...[
    '169.254.169.254',
    '169.254.0.1',
    '::ffff:169.254.169.254',
    'fe80::1',
    'fd00:ec2::254',
    '0.0.0.0',
    '::',
  ],
  ...['168.63.129.16', '100.100.100.200', '192.0.0.192', '224.0.0.1', '255.255.255.255', 'ff02::1'],
])('%s is never sent to, whatever is allowed', (address) => {
  expect(strict.isAllowed(address)).toBe(false);
  expect(open.isAllowed(address)).toBe(false);
});

test('no address of the links between machines gets by in another notation', () => {
  fc.assert(
    fc.property(fc.nat(255), fc.nat(255), (a, b) => {
      const hex = ((a << 8) | b).toString(16);
      expect(open.isAllowed(`169.254.${a}.${b}`)).toBe(false);
      expect(open.isAllowed(`::ffff:a9fe:${hex}`)).toBe(false);
    }),
  );
});

test('an upstream is told apart by where it leads, however it is written', async () => {
  expect(await strict.findFault('https://8.8.8.8/x')).toBeNull();
  expect(await strict.findFault('http://nowhere.invalid/')).toBeNull();
  expect(await strict.findFault('http://0x7f.1/')).toContain('KEYWRIGHT_UPSTREAM_ALLOW');
  expect(await strict.findFault('http://localhost:80/')).toMatch(/localhost, which is (127\.0\.0\.1|::1)/);
  expect(await open.findFault('http://localhost:80/')).toBeNull();
  expect(await open.findFault('http://[fe80::1]/')).toContain('nothing is ever sent there');
});

test('a name leads a connection to allowed addresses only', async () => {
  const look = (guard: typeof strict, all: boolean) =>
    new Promise<unknown>((resolve) =>
      guard.lookup('localhost', { all }, (error, found) => resolve(error ?? found)),
    );
  expect(await look(strict, true)).toMatchObject({ code: forbiddenCode });
  expect(await look(strict, false)).toMatchObject({ code: forbiddenCode });
  expect(await look(open, false)).toMatch(/^(127\.0\.0\.1|::1)$/);
  expect(await look(open, true)).toContainEqual(expect.objectContaining({ address: expect.any(String) }));
});
