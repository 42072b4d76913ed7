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

export function minuteOf(now: number): number {
  return Math.floor(now / minuteMs);
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
  record.lastUsedMs = now - record.usedMinute * minuteMs;
}

/** Counts a refusal in the record's present minute. */
export function countRefusal(record: VerificationRecord, code: RefusalCode, now: number): void {
  counterOf(record).countRefusal(code, now);
}

/** Takes what was counted in the record's present minute. */
export function takeCounter(record: VerificationRecord): UsageCounter {
  const counter = counterOf(record);
  endRun(record);
  record.usedMinute = 0;
  record.ip = null;
  record.userAgent = null;
  record.counter = null;
  return counter;
}

function endRun(record: VerificationRecord): void {
  const { useCount, lastUsedMs, usedMinute, ip, userAgent } = record;
  if (useCount === 0) return;
  counterOf(record).addUses(useCount, { lastAt: usedMinute * minuteMs + lastUsedMs, ip, userAgent });
  record.useCount = 0;
}

function counterOf(record: VerificationRecord): UsageCounter {
  record.counter ??= new UsageCounter(record, record.usedMinute * minuteMs);
  return record.counter;
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
  /** Where the uses came from, the one that was seen last at the end; one more than are told. */
  readonly #origins: OriginTally[] = [];
  refusals: Map<RefusalCode, Tally> | null = null;

  constructor(record: VerificationRecord, minute: number) {
    this.record = record;
    this.minute = minute;
  }

  /** Adds uses that came one after the other from one origin. */
  addUses(count: number, { lastAt, ip, userAgent }: Omit<OriginTally, 'count'>): void {
    this.useCount += count;
    this.lastUsedAt = lastAt;
    this.ip = ip;
    this.userAgent = userAgent;
    const known = this.#origins.findIndex((origin) => origin.ip === ip && origin.userAgent === userAgent);
    const before = known < 0 ? 0 : (this.#origins.splice(known, 1)[0]?.count ?? 0);
    this.#origins.push({ ip, userAgent, count: before + count, lastAt });
    if (this.#origins.length > maxOrigins + 1) this.#origins.shift();
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
    const told = this.#origins.filter(({ ip, userAgent }) => ip !== null || userAgent !== null);
    return told.slice(-maxOrigins);
  }
}
