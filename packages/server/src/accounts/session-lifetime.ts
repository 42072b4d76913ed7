import { dayMs } from '../domain/time.ts';

/** A session ends when nobody used it for this long. */
export const idleLifetimeMs = 7 * dayMs;
/** However much it is used, it ends this long after the sign-in. */
export const maxLifetimeMs = 30 * dayMs;

/** A clock may be set back by this much, and sessions from before go on. */
const setBackMs = dayMs;

/**
 * Whether a session has ended. One that goes on for longer than any may is of a clock that was far ahead: it would go on
 * until that time, for years.
 */
export function isOver({ expiresAt }: { expiresAt: number }, now: number): boolean {
  return expiresAt <= now || expiresAt > now + idleLifetimeMs + setBackMs;
}

/** What a session's end is moved by at least: a write for every request would be too many. */
const leastProlongationMs = dayMs / 24;

/** When a session that is used now ends; null: when it does already. */
export function prolongedExpiry(
  session: { createdAt: number; expiresAt: number },
  now: number,
): number | null {
  const expiresAt = Math.min(now + idleLifetimeMs, session.createdAt + maxLifetimeMs);
  return expiresAt - session.expiresAt >= leastProlongationMs ? expiresAt : null;
}
