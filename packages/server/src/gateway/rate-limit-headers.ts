import { quotaName } from '@keywright/contract';
import type { LimitedKey } from '../verification/limiter.ts';
import type { Verdict } from '../verification/verify.ts';

/**
 * `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10): of each limit its quota `q` and window
 * `w` in seconds, what remains `r`, and in how many seconds units come back `t`. A limit without a fixed window has no
 * `w`, one that never refills no `t`. Empty for a key without limits, and where they were not asked.
 */
export function rateLimitHeaders({ key, limits }: Verdict): Record<string, string> {
  if (limits.length === 0 || key?.limits == null) return {};
  const windows = windowsOf(key.limits);
  const policy = limits.map(({ name, limit }) => item(name, { q: limit, w: windows.get(name) ?? null }));
  const state = limits.map(({ name, remaining, resetSeconds }) =>
    item(name, { r: remaining, t: resetSeconds }),
  );
  return { 'RateLimit-Policy': policy.join(', '), RateLimit: state.join(', ') };
}

const daySeconds = 86_400;

function windowsOf({ rateLimits, quota }: LimitedKey): Map<string, number> {
  const windows = new Map(rateLimits.map(({ name, windowSeconds }) => [name, windowSeconds]));
  if (quota?.period === 'day') windows.set(quotaName, daySeconds);
  return windows;
}

/** A structured field's item; names of limits are letters, digits and `._-`, which a string holds as they are. */
function item(name: string, parameters: Record<string, number | null>): string {
  const told = Object.entries(parameters).filter(([, value]) => value !== null);
  return [`"${name}"`, ...told.map(([key, value]) => `${key}=${value}`)].join(';');
}
