import { dayMs } from '../domain/time.ts';

/** A session ends when nobody used it for this long. */
export const idleLifetimeMs = 7 * dayMs;
/** However much it is used, it ends this long after the sign-in. */
export const maxLifetimeMs = 30 * dayMs;

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
