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
 * What happened to one secret in one minute, since the last reading. It hangs on the record until it is read. What
 * nearly every verification needs lies in this one object: each object more would be a wait for memory.
 */
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

  constructor(record: VerificationRecord, now: number) {
    this.record = record;
    this.minute = now - (now % minuteMs);
    record.usage = this;
  }

  covers(now: number): boolean {
    return now >= this.minute && now < this.minute + minuteMs;
  }

  countUse(now: number, ip: string | null, userAgent: string | null): void {
    if (ip !== this.ip || userAgent !== this.userAgent) this.#changeOrigin(ip, userAgent);
    this.#originCount++;
    this.useCount++;
    this.lastUsedAt = now;
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

  /** From now on its record's verifications are counted by another one. */
  detach(): void {
    if (this.record.usage === this) this.record.usage = null;
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
