import type { LimitState, RateLimit } from '@keywright/contract';
import { createPatrol } from './patrol.ts';
import { SlidingWindow } from './sliding-window.ts';

interface RateLimitedKey {
  id: string;
  projectId: string;
  rateLimits: readonly RateLimit[];
}

/** The windows of a key, in the order of the limits that they belong to. */
interface KeyWindows {
  projectId: string;
  limits: readonly RateLimit[];
  windows: SlidingWindow[];
}

/**
 * The windows of all keys that were lately in use, in the memory of this process: they begin anew with it. A window
 * belongs to a key, the name of a limit and a length; so it stays when the key is loaded again, has several secrets, or
 * its limit is raised or lowered. There are no more of them than keys that were asked for within their windows.
 */
export class RateLimiter {
  readonly #keys = new Map<string, KeyWindows>();
  readonly #patrol = createPatrol(this.#keys, (id, { windows }) => {
    if (windows.every((window) => window.used(this.#now) === 0)) this.#keys.delete(id);
  });
  #now = 0;

  /** For how many keys there are windows. */
  get size(): number {
    return this.#keys.size;
  }

  windowsOf({ id, projectId, rateLimits: limits }: RateLimitedKey): readonly SlidingWindow[] {
    const known = this.#keys.get(id);
    if (known !== undefined && isSame(known.limits, limits)) return known.windows;
    const windows = limits.map((limit) => findWindow(known, limit) ?? new SlidingWindow(lengthOf(limit)));
    this.#keys.set(id, { projectId, limits, windows });
    return windows;
  }

  /** For a key that is dead for good. */
  forget(id: string): void {
    this.#keys.delete(id);
  }

  forgetProject(projectId: string): void {
    for (const [id, key] of this.#keys) if (key.projectId === projectId) this.#keys.delete(id);
  }

  /** Drops what is idle, among some of the keys; called again and again it comes to all of them. */
  sweep(now: number, count: number): void {
    this.#now = now;
    this.#patrol(count);
  }
}

/**
 * For how long a request of this cost has to wait until every limit has room for it.
 * @returns milliseconds; 0 when it may pass, Infinity when it costs more than a limit allows in its whole window
 */
export function msUntilRoom(
  limits: readonly RateLimit[],
  windows: readonly SlidingWindow[],
  { cost, now }: { cost: number; now: number },
): number {
  let longest = 0;
  for (const [index, window] of windows.entries()) {
    const { limit } = limits[index] ?? { limit: 0 };
    const excess = window.used(now) + cost - limit;
    if (excess <= 0 || cost === 0) continue;
    longest = Math.max(longest, cost > limit ? Number.POSITIVE_INFINITY : window.msUntilFree(excess, now));
  }
  return longest;
}

/** What is left of each limit, and in how many seconds the next units come back. */
export function describeWindows(
  limits: readonly RateLimit[],
  windows: readonly SlidingWindow[],
  now: number,
): LimitState[] {
  return limits.map(({ name, limit }, index) => {
    const window = windows[index];
    const used = window?.used(now) ?? 0;
    const resetMs = used === 0 ? 0 : (window?.msUntilFree(1, now) ?? 0);
    return { name, limit, remaining: Math.max(0, limit - used), resetSeconds: Math.ceil(resetMs / 1000) };
  });
}

function findWindow(known: KeyWindows | undefined, limit: RateLimit): SlidingWindow | undefined {
  const index = known?.limits.findIndex((other) => isSameWindow(other, limit)) ?? -1;
  return known?.windows[index];
}

/** Whether both have the same windows: how much is let through may differ. */
function isSame(one: readonly RateLimit[], other: readonly RateLimit[]): boolean {
  if (one === other) return true;
  return one.length === other.length && one.every((limit, index) => isSameWindow(limit, other[index]));
}

function isSameWindow(one: RateLimit, other: RateLimit | undefined): boolean {
  return one.name === other?.name && one.windowSeconds === other.windowSeconds;
}

function lengthOf({ windowSeconds }: RateLimit): number {
  return windowSeconds * 1000;
}
