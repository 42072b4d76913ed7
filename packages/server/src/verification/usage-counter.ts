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

/**
 * The uses of a secret that came one after the other from one origin in one minute. These fields are the record's own:
 * nearly every verification counts here, and each object more would be a wait for memory and work for the collector.
 * The times are small numbers, which lie in the record as well.
 */
export interface UsageRun {
  /** The minute that is counted, in minutes since 1970; 0: nothing was counted since the last reading. */
  usedMinute: number;
  useCount: number;
  /** The last use, in milliseconds since the minute began. */
  lastUsedMs: number;
  ip: string | null;
  userAgent: string | null;
  /** What else was counted in that minute: uses from elsewhere, and refusals. */
  counter: UsageCounter | null;
}

/** As an integer of 32 bits, which lies in the record; what a division leaves would be kept elsewhere in memory. */
export function minuteOf(now: number): number {
  return (now / minuteMs) | 0;
}

/** Counts a use in the record's present minute. */
export function countUse(
  record: VerificationRecord,
  now: number,
  ip: string | null,
  userAgent: string | null,
): void {
  if (ip !== record.ip || userAgent !== record.userAgent) {
    endRun(record);
    record.ip = ip;
    record.userAgent = userAgent;
  }
  record.useCount++;
  record.lastUsedMs = (now - record.usedMinute * minuteMs) | 0;
}

/** Counts a refusal in the record's present minute. */
export function countRefusal(record: VerificationRecord, code: RefusalCode, now: number): void {
  counterOf(record).countRefusal(code, now);
}

/** Takes what was counted in the record's present minute. */
export function takeCounter(record: VerificationRecord): UsageCounter {
  // It is not hung on the record on the way: the collector would have to look at each record that was written to.
  const counter = record.counter ?? newCounter(record);
  addRun(counter, record);
  record.usedMinute = 0;
  record.useCount = 0;
  record.ip = null;
  record.userAgent = null;
  record.counter = null;
  return counter;
}

function endRun(record: VerificationRecord): void {
  if (record.useCount === 0) return;
  addRun(counterOf(record), record);
  record.useCount = 0;
}

function addRun(counter: UsageCounter, { useCount, lastUsedMs, ip, userAgent }: UsageRun): void {
  if (useCount > 0) counter.addUses(useCount, { lastAt: counter.minute + lastUsedMs, ip, userAgent });
}

function counterOf(record: VerificationRecord): UsageCounter {
  record.counter ??= newCounter(record);
  return record.counter;
}

function newCounter(record: VerificationRecord): UsageCounter {
  return new UsageCounter(record, record.usedMinute * minuteMs);
}

/** What happened to one secret in one minute, since the last reading. */
export class UsageCounter {
  readonly record: VerificationRecord;
  /** When its minute begins, in milliseconds since 1970. */
  readonly minute: number;
  useCount = 0;
  lastUsedAt = 0;
  /** Of the last use. */
  ip: string | null = null;
  userAgent: string | null = null;
  /** How many of the uses came from there. */
  #originCount = 0;
  /** The other origins, the one that was seen last at the end. */
  #formerOrigins: OriginTally[] | null = null;
  refusals: Map<RefusalCode, Tally> | null = null;

  constructor(record: VerificationRecord, minute: number) {
    this.record = record;
    this.minute = minute;
  }

  /** Adds uses that came one after the other from one origin. */
  addUses(count: number, { lastAt, ip, userAgent }: Omit<OriginTally, 'count'>): void {
    if (ip !== this.ip || userAgent !== this.userAgent) this.#changeOrigin(ip, userAgent);
    this.#originCount += count;
    this.useCount += count;
    this.lastUsedAt = lastAt;
  }

  countRefusal(code: RefusalCode, now: number): void {
    this.refusals ??= new Map();
    const tally = this.refusals.get(code);
    if (tally === undefined) this.refusals.set(code, { count: 1, lastAt: now });
    else {
      tally.count++;
      tally.lastAt = now;
    }
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
