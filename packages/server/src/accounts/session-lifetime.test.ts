import { expect, test } from 'vitest';
import { isOver, prolongedExpiry } from './session-lifetime.ts';

const [hour, day] = [3_600_000, 86_400_000];

test('a session that is used goes on for seven days from then', () => {
  const session = { createdAt: 0, expiresAt: 7 * day };
  expect(prolongedExpiry(session, 2 * day)).toBe(9 * day);
});

test('a use that moves its end by less than an hour writes nothing', () => {
  const session = { createdAt: 0, expiresAt: 7 * day };
  expect(prolongedExpiry(session, hour - 1)).toBeNull();
  expect(prolongedExpiry(session, hour)).toBe(7 * day + hour);
});

test('it ends thirty days after the sign-in, however much it is used', () => {
  expect(prolongedExpiry({ createdAt: 0, expiresAt: 29 * day }, 28 * day)).toBe(30 * day);
  expect(prolongedExpiry({ createdAt: 0, expiresAt: 30 * day }, 29 * day)).toBeNull();
});

test('it is over when it has ended, or goes on for longer than any may', () => {
  const now = 1000 * day;
  const isOverAt = (expiresAt: number) => isOver({ expiresAt }, now);
  expect([now - 1, now, now + 1].map(isOverAt)).toEqual([true, true, false]);
  // A clock that was set back by hours signs nobody out.
  expect([7, 8, 8.01, 3650].map((days) => isOverAt(now + days * day))).toEqual([false, false, true, true]);
});
