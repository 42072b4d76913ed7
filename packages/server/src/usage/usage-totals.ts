import type { OriginTally, UsageCounter } from '../verification/usage-counter.ts';
import type { MeterReading } from '../verification/usage-meter.ts';
import { cleanUserAgent } from './clean-user-agent.ts';
import { cutAdditions } from './cut-additions.ts';
import {
  type KeyUse,
  maxOrigins,
  resolutions,
  type UsageAddition,
  type UsageCode,
  type UsageCount,
  type UsageOrigin,
  type UsageSubject,
} from './usage-store.ts';

/** All that was counted of a subject, in a list: hardly ever there are more than three. */
export interface SubjectCounts {
  subject: UsageSubject;
  counts: UsageCount[];
}

/** Where a key was used from, and last; of a project only where from. */
export interface PlaceCounts {
  lastUse: KeyUse | null;
  origins: UsageOrigin[];
}

interface TotalsOptions {
  /** Takes what looks like a secret out of a text. */
  censor(text: string): string;
  /** How many counts and origins are held. */
  maxSize?: number;
}

/**
 * What was counted and is not written yet, added up. Its size is bounded, since a database may be away for long: when
 * there is too much, minutes become hours, then hours days, and only then what is new is not counted any more.
 */
export class UsageTotals {
  readonly #censor: (text: string) => string;
  readonly #maxSize: number;
  #subjects = new Map<string, SubjectCounts>();
  #places = new Map<string, PlaceCounts>();
  #serviceKeyUses = new Map<string, number>();
  /** Most requests have one of a few user agents. */
  readonly #cleaned = new Map<string, string | null>();
  #size = 0;
  /** How many verifications were not counted, because there was no room. */
  dropped = 0;

  constructor({ censor, maxSize = 250_000 }: TotalsOptions) {
    this.#censor = censor;
    this.#maxSize = maxSize;
  }

  get isEmpty(): boolean {
    return this.#subjects.size === 0 && this.#serviceKeyUses.size === 0;
  }

  add({ counters, serviceKeyUses }: Pick<MeterReading, 'counters' | 'serviceKeyUses'>): void {
    for (const resolution of [resolutions.hour, resolutions.day]) {
      if (this.#size >= this.#maxSize) this.#coarsen(resolution);
    }
    for (const counter of counters) this.#addCounter(counter);
    for (const [id, at] of serviceKeyUses) this.#serviceKeyUses.set(id, at);
  }

  /** How many counts and origins are held. */
  get size(): number {
    return this.#size;
  }

  /** Adds what was handed over before. It is never thrown away: whoever does this sees to how much it becomes. */
  addAgain({ counts, keyUses, origins, serviceKeyUses }: UsageAddition): void {
    for (const count of counts) {
      const { subject } = count;
      this.#addCount(this.#subject(subject).counts, count);
    }
    for (const use of keyUses) this.#noteUse(this.#place(use.keyId), use);
    for (const { subjectId, ...origin } of origins) this.#addOrigin(this.#place(subjectId).origins, origin);
    for (const { id, at } of serviceKeyUses) {
      this.#serviceKeyUses.set(id, Math.max(at, this.#serviceKeyUses.get(id) ?? 0));
    }
  }

  /** Hands over all of it, in parts of which each is to be written in one transaction, and is made when it is asked for. */
  cut(): Iterable<UsageAddition> {
    const additions = cutAdditions(this.#subjects.values(), this.#places, this.#serviceKeyUses);
    this.#subjects = new Map();
    this.#places = new Map();
    this.#serviceKeyUses = new Map();
    this.#cleaned.clear();
    this.#size = 0;
    return additions;
  }

  #addCounter(counter: UsageCounter): void {
    const { id: keyId, projectId, hash, retiresAt } = counter.record;
    const refusals = counter.refusals();
    const isKnown = this.#subjects.has(hash);
    if (!isKnown && this.#size >= this.#maxSize) {
      this.dropped += counter.useCount;
      for (const { count } of refusals) this.dropped += count;
      return;
    }
    const subjects: UsageSubject[] = [
      { type: 'secret', hash, keyId },
      { type: 'project', projectId, isFormer: retiresAt !== null },
    ];
    for (const { counts, subject } of subjects.map((subject) => this.#subject(subject))) {
      const add = (code: UsageCode, count: number, lastAt: number) =>
        this.#addCount(counts, {
          subject,
          resolution: resolutions.minute,
          at: counter.minute,
          code,
          count,
          lastAt,
        });
      if (counter.useCount > 0) add('valid', counter.useCount, counter.lastUsedAt);
      for (const { code, count, lastAt } of refusals) add(code, count, lastAt);
    }
    if (counter.useCount > 0) this.#addPlace(counter, keyId, projectId);
  }

  #subject(subject: UsageSubject): SubjectCounts {
    const name = subject.type === 'secret' ? subject.hash : `${subject.projectId}${subject.isFormer}`;
    let known = this.#subjects.get(name);
    if (known === undefined) {
      known = { subject, counts: [] };
      this.#subjects.set(name, known);
    }
    return known;
  }

  #addCount(counts: UsageCount[], added: UsageCount): void {
    const known = counts.find(
      ({ resolution, at, code }) => resolution === added.resolution && at === added.at && code === added.code,
    );
    if (known === undefined) {
      counts.push(added);
      this.#size++;
      return;
    }
    known.count += added.count;
    known.lastAt = Math.max(known.lastAt, added.lastAt);
  }

  #addPlace(counter: UsageCounter, keyId: string, projectId: string): void {
    const { ip, userAgent, lastUsedAt } = counter;
    const key = this.#place(keyId);
    this.#noteUse(key, { keyId, projectId, at: lastUsedAt, ip, userAgent: this.#clean(userAgent) });
    const project = this.#place(projectId);
    for (const origin of counter.origins()) {
      const cleaned = { ...origin, userAgent: this.#clean(origin.userAgent) };
      if (cleaned.ip === null && cleaned.userAgent === null) continue;
      for (const place of [key, project]) this.#addOrigin(place.origins, cleaned);
    }
  }

  #noteUse(key: PlaceCounts, use: KeyUse): void {
    if (key.lastUse === null || use.at >= key.lastUse.at) key.lastUse = use;
  }

  #place(id: string): PlaceCounts {
    let known = this.#places.get(id);
    if (known === undefined) {
      known = { lastUse: null, origins: [] };
      this.#places.set(id, known);
    }
    return known;
  }

  #addOrigin(origins: UsageOrigin[], { ip, userAgent, count, lastAt }: OriginTally): void {
    const known = origins.find((origin) => origin.ip === ip && origin.userAgent === userAgent);
    if (known !== undefined) {
      known.count += count;
      known.lastAt = Math.max(known.lastAt, lastAt);
      return;
    }
    if (origins.length < maxOrigins) {
      origins.push({ ip, userAgent, count, lastAt });
      this.#size++;
      return;
    }
    const oldest = origins.reduce((a, b) => (b.lastAt < a.lastAt ? b : a));
    if (oldest.lastAt <= lastAt) origins[origins.indexOf(oldest)] = { ip, userAgent, count, lastAt };
  }

  #clean(userAgent: string | null): string | null {
    if (userAgent === null) return null;
    let cleaned = this.#cleaned.get(userAgent);
    if (cleaned === undefined) {
      cleaned = cleanUserAgent(userAgent, this.#censor);
      this.#cleaned.set(userAgent, cleaned);
    }
    return cleaned;
  }

  #coarsen(resolution: number): void {
    this.#size = 0;
    for (const known of this.#subjects.values()) {
      const finer = known.counts;
      known.counts = [];
      for (const count of finer) {
        const coarse =
          count.resolution >= resolution
            ? count
            : { ...count, resolution, at: count.at - (count.at % resolution) };
        this.#addCount(known.counts, coarse);
      }
    }
    for (const { origins } of this.#places.values()) this.#size += origins.length;
  }
}
