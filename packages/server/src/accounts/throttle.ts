import { isIPv6 } from 'node:net';
import type { Clock } from '../domain/clock.ts';
import { DomainError } from '../domain/error.ts';
import { normalizeAddress } from '../verification/address.ts';

interface Limit {
  /** Failures that cost nothing but the time they take. */
  free: number;
  /** Counters that are kept; the one that was idle longest goes first. */
  maxCounters: number;
}

const accountLimit: Limit = { free: 10, maxCounters: 50_000 };
const addressLimit: Limit = { free: 30, maxCounters: 50_000 };

/** Failures are forgotten when none came for this long: longer than any wait, or waits would never stay long. */
const memoryMs = 60 * 60_000;
/** The wait after the first failure that is too many. Each further one doubles it. */
const firstWaitMs = 15_000;
const maxWaitMs = 15 * 60_000;

interface Counter {
  failures: number;
  lastAt: number;
  /** On the monotonic clock. */
  blockedUntil: number;
}

/** What is told of an attempt when it is over. Told nothing, it counts as a failure. */
export interface Attempt {
  /** The password was right. */
  succeed(): void;
  /** Nothing can be said of it: the database was away, say. */
  withdraw(): void;
}

/**
 * Slows down the guessing of passwords: by account, whether there is such an account or not, and by address. It counts an
 * attempt before the password is looked at, so that a hundred at once are no way around it, and never closes an account:
 * sessions go on, and a wait ends after 15 minutes at most. Attempts during a wait do not prolong it. Where the right
 * password came from lately, the account is not made to wait for what others guess from elsewhere.
 */
export class Throttle {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #accounts: Counters;
  readonly #addresses: Counters;
  /** Where accounts were signed in to. */
  readonly #familiar = new Set<string>();

  /** @param limits how many failures cost nothing but the time they take: at one account, and from one address */
  constructor(
    clock: Pick<Clock, 'monotonic'>,
    { free = accountLimit.free, freePerAddress = addressLimit.free } = {},
  ) {
    this.#clock = clock;
    this.#accounts = new Counters({ ...accountLimit, free });
    this.#addresses = new Counters({ ...addressLimit, free: freePerAddress });
  }

  /**
   * @param account its e-mail address; null: the attempt is not at one account's password
   * @throws rate_limited, with the time to wait
   */
  begin(account: string | null, address: string): Attempt {
    const now = this.#clock.monotonic();
    const block = addressBlock(address);
    const place = `${account} ${block}`;
    const counted: [Counters, string][] = [[this.#addresses, block]];
    if (account !== null) counted.push([this.#accounts, this.#familiar.has(place) ? place : account]);
    const waitMs = Math.max(...counted.map(([counters, key]) => counters.waitMs(key, now)));
    if (waitMs > 0) throw tooMany(waitMs);
    const undo = counted.map(([counters, key]) => counters.count(key, now));
    const withdraw = () => {
      for (const each of undo) each();
    };
    return {
      withdraw,
      succeed: () => {
        // An address is given back this attempt only: else its owner's own account would wipe out all guesses at others.
        withdraw();
        if (account === null) return;
        this.#accounts.forget(place);
        if (!this.#familiar.has(place)) this.#accounts.forget(account);
        this.#familiarize(place);
      },
    };
  }

  /** The person of an account came in by another way than the password: what failed at it before counts no longer. */
  forgive(account: string, address: string): void {
    const place = `${account} ${addressBlock(address)}`;
    this.#accounts.forget(place);
    this.#accounts.forget(account);
    this.#familiarize(place);
  }

  #familiarize(place: string): void {
    this.#familiar.delete(place);
    if (this.#familiar.size >= accountLimit.maxCounters) dropFirst(this.#familiar);
    this.#familiar.add(place);
  }
}

class Counters {
  readonly #limit: Limit;
  /** In the order of their last failures. */
  readonly #counters = new Map<string, Counter>();

  constructor(limit: Limit) {
    this.#limit = limit;
  }

  waitMs(key: string, now: number): number {
    return (this.#counters.get(key)?.blockedUntil ?? 0) - now;
  }

  /** Counts a failure. @returns takes it back */
  count(key: string, now: number): () => void {
    const known = this.#counters.get(key);
    this.#counters.delete(key);
    if (this.#counters.size >= this.#limit.maxCounters) dropFirst(this.#counters);
    const isRemembered = known !== undefined && now - known.lastAt < memoryMs;
    const counter = isRemembered ? known : { failures: 0, lastAt: now, blockedUntil: 0 };
    this.#counters.set(key, counter);
    counter.failures++;
    counter.lastAt = now;
    const excess = counter.failures - this.#limit.free;
    const before = counter.blockedUntil;
    const own = excess < 0 ? before : now + Math.min(firstWaitMs * 2 ** excess, maxWaitMs);
    counter.blockedUntil = own;
    return () => {
      counter.failures--;
      // The wait was for this attempt, unless others came in between.
      if (counter.blockedUntil === own) counter.blockedUntil = before;
      if (counter.failures < this.#limit.free) counter.blockedUntil = 0;
    };
  }

  forget(key: string): void {
    this.#counters.delete(key);
  }
}

function dropFirst(entries: Map<string, unknown> | Set<string>): void {
  for (const key of entries.keys()) {
    entries.delete(key);
    return;
  }
}

function tooMany(waitMs: number): DomainError {
  const seconds = Math.ceil(waitMs / 1000);
  return new DomainError('rate_limited', {
    detail: `Too many attempts. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    headers: { 'Retry-After': String(seconds) },
  });
}

/** What one network has at its disposal: an IPv4 address, or 2^64 addresses of IPv6. */
function addressBlock(address: string): string {
  const plain = normalizeAddress(address);
  if (!isIPv6(plain)) return plain;
  const [head = '', tail = ''] = plain.split('::');
  const [first, last] = [head, tail].map((groups) => (groups === '' ? [] : groups.split(':')));
  const zeros = plain.includes('::')
    ? Array<string>(8 - (first?.length ?? 0) - (last?.length ?? 0)).fill('0')
    : [];
  return `${[...(first ?? []), ...zeros, ...(last ?? [])].slice(0, 4).join(':')}::/64`;
}
