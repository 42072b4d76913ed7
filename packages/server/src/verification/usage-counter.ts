import type { RefusalCode } from '@keywright/contract';
import type { VerificationRecord } from './verification-record.ts';

const minuteMs = 60_000;
/** As many as are shown of a key. */
const maxOrigins = 16;

interface Tally {
  count: number;
  lastAt: number;
}

export interface OriginTally extends Tally {
  ip: string | null;
  userAgent: string | null;
}

interface RefusalTally extends Tally {
  code: RefusalCode;
}

/** As an integer of 32 bits, which lies in the object itself; what a division leaves would be kept elsewhere in memory. */
export function minuteOf(now: number): number {
  return (now / minuteMs) | 0;
}

/** What happened to one secret in one minute, since the last reading. */
export class UsageCounter {
  readonly record: VerificationRecord;
  /** In minutes since 1970. */
  readonly minuteNumber: number;
  useCount = 0;
  /** Of the last use, in milliseconds since the minute began. */
  #lastUsedMs = 0;
  /** Of the last use. */
  ip: string | null = null;
  userAgent: string | null = null;
  /** How many of the uses came from there. */
  #originCount = 0;
  /** The other origins, the one that was seen last at the end. */
  #formerOrigins: OriginTally[] | null = null;
  /** By code, of which there is hardly ever more than one. */
  refusals: RefusalTally[] | null = null;

  constructor(record: VerificationRecord, minuteNumber: number) {
    this.record = record;
    this.minuteNumber = minuteNumber;
  }

  /** When its minute begins, in milliseconds since 1970. */
  get minute(): number {
    return this.minuteNumber * minuteMs;
  }

  get lastUsedAt(): number {
    return this.minute + this.#lastUsedMs;
  }

  countUse(now: number, ip: string | null, userAgent: string | null): void {
    if (ip !== this.ip || userAgent !== this.userAgent) this.#changeOrigin(ip, userAgent);
    this.#originCount++;
    this.useCount++;
    this.#lastUsedMs = (now - this.minute) | 0;
  }

  countRefusal(code: RefusalCode, now: number): void {
    const tally = this.refusals?.find((known) => known.code === code);
    if (tally !== undefined) {
      tally.count++;
      tally.lastAt = now;
      return;
    }
    const first = { code, count: 1, lastAt: now };
    if (this.refusals === null) this.refusals = [first];
    else this.refusals.push(first);
  }

  /** Where the uses came from, as far as that was told. */
  origins(): OriginTally[] {
    const present = {
      ip: this.ip,
      userAgent: this.userAgent,
      count: this.#originCount,
      lastAt: this.lastUsedAt,
    };
    const all = [...(this.#formerOrigins ?? []), present];
    const told = all.filter(({ ip, userAgent, count }) => count > 0 && (ip !== null || userAgent !== null));
    return told.slice(-maxOrigins);
  }

  #changeOrigin(ip: string | null, userAgent: string | null): void {
    if (this.#originCount > 0) this.#setAside();
    const former = this.#formerOrigins ?? [];
    const known = former.findIndex((origin) => origin.ip === ip && origin.userAgent === userAgent);
    this.ip = ip;
    this.userAgent = userAgent;
    this.#originCount = known < 0 ? 0 : (former.splice(known, 1)[0]?.count ?? 0);
    if (former.length > maxOrigins) former.shift();
  }

  #setAside(): void {
    this.#formerOrigins ??= [];
    const { ip, userAgent, lastUsedAt: lastAt } = this;
    this.#formerOrigins.push({ ip, userAgent, count: this.#originCount, lastAt });
  }
}

/**
 * The counters since the last reading, one for each secret and minute. A record holds the number of its counter and not
 * the counter: the collector looks at every page of old objects in which one was pointed at something new, and with many
 * keys in use that would be all pages of records, each time.
 */
export class UsageCounters {
  readonly #list: UsageCounter[] = [];
  /** The number of the first in the list. Numbers are of 32 bits, and begin anew behind the last one. */
  #first = 0;

  get size(): number {
    return this.#list.length;
  }

  /** The counter of a record for a minute, which is made if there is none. */
  of(record: VerificationRecord, minuteNumber: number): UsageCounter {
    const place = (record.counterNumber - this.#first) | 0;
    if (place >= 0 && place < this.#list.length) {
      const counter = this.#list[place] as UsageCounter;
      // A number may be left from long ago.
      if (counter.record === record && counter.minuteNumber === minuteNumber) return counter;
    }
    const counter = new UsageCounter(record, minuteNumber);
    record.counterNumber = (this.#first + this.#list.length) | 0;
    this.#list.push(counter);
    return counter;
  }

  /** Takes the oldest, so many at most. */
  take(atMost: number): UsageCounter[] {
    const taken = this.#list.splice(0, atMost);
    this.#first = (this.#first + taken.length) | 0;
    return taken;
  }
}
