import { describe, expect, test } from 'vitest';
import { DomainError } from '../domain/error.ts';
import { Throttle } from './throttle.ts';

const [home, elsewhere] = ['192.0.2.1', '198.51.100.1'];

/** A throttle, and the time that it goes by. */
function start(limits?: ConstructorParameters<typeof Throttle>[1]) {
  const clock = { now: 0, monotonic: () => clock.now };
  const throttle = new Throttle(clock, limits);
  return {
    wait: (ms: number) => {
      clock.now += ms;
    },
    /** Begins an attempt that fails. @returns the seconds to wait; 0 when it was let through */
    fail(account: string | null, address: string): number {
      try {
        throttle.begin(account, address);
        return 0;
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'rate_limited') throw error;
        return Number(error.headers?.['Retry-After']);
      }
    },
    succeed: (account: string, address: string) => throttle.begin(account, address).succeed(),
    begin: (account: string | null, address: string) => throttle.begin(account, address),
  };
}

/** A different network each time. */
function addresses() {
  let count = 0;
  return () => {
    count++;
    return `10.0.${count >> 8}.${count & 255}`;
  };
}

describe('an account', () => {
  test('has ten failures for free, then waits that double, up to a quarter of an hour', () => {
    const { fail, wait } = start();
    const next = addresses();
    for (let i = 0; i < 10; i++) expect(fail('ada', next())).toBe(0);
    const waits = [];
    for (let i = 0; i < 9; i++) {
      const seconds = fail('ada', next());
      waits.push(seconds);
      wait(seconds * 1000 - 1);
      expect(fail('ada', next())).toBe(1);
      wait(1);
      expect(fail('ada', next())).toBe(0);
    }
    expect(waits).toEqual([15, 30, 60, 120, 240, 480, 900, 900, 900]);
  });

  test('that is tried during a wait does not wait longer for that', () => {
    const { fail, wait } = start();
    const next = addresses();
    for (let i = 0; i < 10; i++) fail('ada', next());
    for (let i = 0; i < 100; i++) expect(fail('ada', next())).toBe(15);
    wait(15_000);
    expect(fail('ada', next())).toBe(0);
  });

  test('has all forgotten an hour after the last failure', () => {
    const { fail, wait } = start();
    const next = addresses();
    for (let i = 0; i < 10; i++) fail('ada', next());
    wait(60 * 60_000);
    for (let i = 0; i < 10; i++) expect(fail('ada', next())).toBe(0);
    expect(fail('ada', next())).toBe(15);
  });

  test('has all forgotten when the password was right', () => {
    const { fail, succeed } = start();
    for (let i = 0; i < 9; i++) fail('ada', elsewhere);
    succeed('ada', home);
    for (let i = 0; i < 10; i++) expect(fail('ada', elsewhere)).toBe(0);
    expect(fail('ada', elsewhere)).toBe(15);
  });

  test('is let in from where it was signed in to before, whatever others try elsewhere', () => {
    const { fail, succeed } = start();
    const next = addresses();
    succeed('ada', home);
    for (let i = 0; i < 100; i++) fail('ada', next());
    expect(fail('ada', next())).toBe(15);
    expect(() => succeed('ada', home)).not.toThrow();
    // That opens no door for the others, and the familiar place has its own ten failures.
    expect(fail('ada', next())).toBe(15);
    for (let i = 0; i < 10; i++) expect(fail('ada', home)).toBe(0);
    expect(fail('ada', home)).toBe(15);
  });

  test('does not make another one wait', () => {
    const { fail } = start();
    const next = addresses();
    for (let i = 0; i < 11; i++) fail('ada', next());
    expect(fail('eve', next())).toBe(0);
  });
});

describe('an address', () => {
  test('has thirty failures for free, at whichever accounts', () => {
    const { fail } = start();
    for (let i = 0; i < 30; i++) expect(fail(`person-${i}`, elsewhere)).toBe(0);
    expect(fail('ada', elsewhere)).toBe(15);
    expect(fail(null, elsewhere)).toBe(15);
    expect(fail('ada', home)).toBe(0);
  });

  test('has more of them where that was said', () => {
    const { fail } = start({ freePerAddress: 32 });
    for (let i = 0; i < 32; i++) expect(fail(null, elsewhere)).toBe(0);
    expect(fail(null, elsewhere)).toBe(15);
  });

  test('gets nothing back for signing in to an account of its own', () => {
    const { fail, succeed } = start();
    for (let i = 0; i < 29; i++) fail(`person-${i}`, elsewhere);
    for (let i = 0; i < 5; i++) succeed('eve', elsewhere);
    expect(fail('ada', elsewhere)).toBe(0);
    expect(fail('ada', elsewhere)).toBe(15);
  });

  test('does not wait for a password that was right', () => {
    const { fail, succeed, wait } = start();
    for (let i = 0; i < 30; i++) fail(`person-${i}`, elsewhere);
    wait(fail('ada', elsewhere) * 1000);
    for (let i = 0; i < 5; i++) expect(() => succeed(`eve-${i}`, elsewhere)).not.toThrow();
    expect(fail('ada', elsewhere)).toBe(0);
    expect(fail('ada', elsewhere)).toBeGreaterThan(0);
  });

  test.each([
    ['2001:db8:0:1::1', '2001:db8:0:1:ffff:ffff:ffff:ffff', true],
    ['2001:db8::1', '2001:0db8:0000:0000:0000:0000:0000:0002', true],
    ['2001:db8:0:1::1', '2001:db8:0:2::1', false],
    ['::1', '::2', true],
    ['1:2:3:4:5:6:7:8', '1:2:3:4::', true],
    ['::ffff:192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
  ])('%s and %s are one: %s', (one, other, isSame) => {
    const { fail } = start();
    for (let i = 0; i < 30; i++) fail(null, one);
    expect(fail(null, other) > 0).toBe(isSame);
  });
});

test('attempts that have not ended yet count, so that many at once are no way around it', () => {
  const { begin, fail } = start();
  const next = addresses();
  const attempts = Array.from({ length: 10 }, () => begin('ada', next()));
  expect(fail('ada', next())).toBe(15);
  // Withdrawn, they never were: the database was away, say.
  for (const attempt of attempts) attempt.withdraw();
  expect(fail('ada', next())).toBe(0);
});

test('it remembers so many and no more', () => {
  const { fail } = start();
  for (let i = 0; i < 30; i++) fail(null, home);
  for (let i = 0; i < 60_000; i++)
    fail(null, `2001:db8:${(i >> 8).toString(16)}:${(i & 255).toString(16)}::`);
  expect(fail(null, home)).toBe(0);
});
