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

/** With times as a counter keeps them. */
interface KeptRefusals {
  code: RefusalCode;
  count: number;
  lastMs: number;
}

/** As an integer of 32 bits, which lies in the object itself; what a division leaves would be kept elsewhere in memory. */
export function minuteOf(now: number): number {
  return (now / minuteMs) | 0;
}

/** What happened to one secret in one minute, since the last reading. */
export class UsageCounter {
  #record: VerificationRecord | null;
  /** In minutes since 1970. */
  minuteNumber: number;
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
  /** By code, of which there is hardly ever more than one. They too are used again, from a count of 0. */
  #refusals: KeptRefusals[] | null = null;

  constructor(record: VerificationRecord, minuteNumber: number) {
    this.#record = record;
    this.minuteNumber = minuteNumber;
  }

  get record(): VerificationRecord {
    if (this.#record === null) throw new Error('what was counted was taken, and is gone');
    return this.#record;
  }

  isOf(record: VerificationRecord, minuteNumber: number): boolean {
    return this.#record === record && this.minuteNumber === minuteNumber;
  }

  /** Counts something else from now on. */
  reuse(record: VerificationRecord, minuteNumber: number): void {
    this.#record = record;
    this.minuteNumber = minuteNumber;
  }

  /** Forgets what it counted and of whom, so that neither is kept in memory for it. */
  clear(): void {
    this.#record = null;
    this.useCount = 0;
    this.#lastUsedMs = 0;
    this.ip = null;
    this.userAgent = null;
    this.#originCount = 0;
    this.#formerOrigins = null;
    for (const tally of this.#refusals ?? []) tally.count = 0;
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
    this.#refusals ??= [];
    let tally = this.#refusals.find((known) => known.code === code);
    if (tally === undefined) {
      tally = { code, count: 0, lastMs: 0 };
      this.#refusals.push(tally);
    }
    tally.count++;
    tally.lastMs = (now - this.minute) | 0;
  }

  refusals(): RefusalTally[] {
    const counted = this.#refusals?.filter(({ count }) => count > 0) ?? [];
    return counted.map(({ code, count, lastMs }) => ({ code, count, lastAt: this.minute + lastMs }));
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
 * The counters since the last reading, one for each secret and minute, in the order in which they were begun. A record
 * holds the number of its counter and not the counter: the collector looks at every page of old objects in which one was
 * pointed at something new, and with many keys in use that would be all pages of records, each time. For the collector's
 * sake counters are used again as well: with many keys, most of what it had to move were new ones.
 */
export class UsageCounters {
  /** A ring: the place of a counter is its number, up to the length, which is a power of two. */
  #ring: (UsageCounter | null)[] = new Array(fewestCounters).fill(null);
  /** The number of the oldest one. Numbers are of 32 bits, and begin anew behind the last one. */
  #first = 0;
  #size = 0;
  /** Those before the first that were taken last, and are still looked at. */
  readonly #taken: UsageCounter[] = [];

  get size(): number {
    return this.#size;
  }

  /** The counter of a record for a minute, which is begun if there is none. */
  of(record: VerificationRecord, minuteNumber: number): UsageCounter {
    const place = (record.counterNumber - this.#first) | 0;
    if (place >= 0 && place < this.#size) {
      const counter = this.#at(record.counterNumber);
      // A number may be left from long ago.
      if (counter?.isOf(record, minuteNumber)) return counter;
    }
    return this.#begin(record, minuteNumber);
  }

  /**
   * Takes the oldest, so many at most.
   * @returns a list that is good until the next time: then its counters are cleared, and count something else
   */
  take(atMost: number): readonly UsageCounter[] {
    for (const counter of this.#taken) counter.clear();
    this.#taken.length = 0;
    const end = (this.#first + Math.min(atMost, this.#size)) | 0;
    while (this.#first !== end) {
      this.#taken.push(this.#at(this.#first) as UsageCounter);
      this.#first = (this.#first + 1) | 0;
      this.#size--;
    }
    return this.#taken;
  }

  #at(number: number): UsageCounter | null {
    return this.#ring[number & (this.#ring.length - 1)] as UsageCounter | null;
  }

  #begin(record: VerificationRecord, minuteNumber: number): UsageCounter {
    if (this.#taken.length + this.#size === this.#ring.length) this.#grow();
    const number = (this.#first + this.#size) | 0;
    let counter = this.#at(number);
    if (counter === null) {
      counter = new UsageCounter(record, minuteNumber);
      this.#ring[number & (this.#ring.length - 1)] = counter;
    } else counter.reuse(record, minuteNumber);
    record.counterNumber = number;
    this.#size++;
    return counter;
  }

  /** Of a full ring. */
  #grow(): void {
    const ring: (UsageCounter | null)[] = new Array(2 * this.#ring.length).fill(null);
    const start = this.#first - this.#taken.length;
    for (let i = 0; i < this.#ring.length; i++) ring[(start + i) & (ring.length - 1)] = this.#at(start + i);
    this.#ring = ring;
  }
}

/** A power of two. */
const fewestCounters = 16;
