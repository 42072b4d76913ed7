import type { RefusalCode, VerifyBody, VerifyDoor } from '@keywright/contract';
import type { ServiceKeyCaller } from '../domain/caller.ts';
import type { Clock } from '../domain/clock.ts';
import { minuteOf, type UsageCounter, UsageCounters } from './usage-counter.ts';
import type { Asker, Verdict, VerificationAbout, Verifier } from './verify.ts';

/** A verification that was refused, as it was asked. Nothing of the secret is in it. */
export interface MeteredRefusal {
  requestId: string;
  at: number;
  door: VerifyDoor;
  code: RefusalCode;
  /** The key's or, where none was found, that of the service key that asked; null for one of the whole instance. */
  projectId: string | null;
  keyId: string | null;
  channel: string | null;
  scopes: readonly string[];
  ip: string | null;
  userAgent: string | null;
  cost: number | null;
  /** What a gateway asked for; null by the way `verify`. */
  request: { method: string; path: string } | null;
}

/** What was counted since the last reading. */
export interface MeterReading {
  counters: readonly UsageCounter[];
  /** The last ones, the oldest first. */
  refusals: MeteredRefusal[];
  /** How many refusals came before these and were not kept. */
  refusalsDropped: number;
  /** When service keys were used last, by their ids. */
  serviceKeyUses: Map<string, number>;
}

interface MeterOptions {
  verifier: Verifier;
  clock: Pick<Clock, 'now'>;
  /** How many refusals are kept from one reading to the next. */
  maxRefusals?: number;
}

/**
 * Counts what a verifier answers. This is on the hot path: the record that was found anyway leads to its counter, so that
 * a hit costs no look-up, and nothing is written or awaited; a reading takes what was counted.
 */
export class UsageMeter implements Verifier {
  readonly #verifier: Verifier;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #maxRefusals: number;
  readonly #counters = new UsageCounters();
  #refusals: MeteredRefusal[] = [];
  #refusalCount = 0;
  #serviceKeyUses = new Map<string, number>();

  constructor({ verifier, clock, maxRefusals = 1000 }: MeterOptions) {
    this.#verifier = verifier;
    this.#clock = clock;
    this.#maxRefusals = maxRefusals;
  }

  verify(request: VerifyBody, asker: Asker, about?: VerificationAbout): Verdict | Promise<Verdict> {
    const verdict = this.#verifier.verify(request, asker, about);
    if (verdict instanceof Promise) return verdict.then((found) => this.#count(found, request, asker, about));
    return this.#count(verdict, request, asker, about);
  }

  /** Notes that a service key was accepted. */
  countServiceKey({ id }: ServiceKeyCaller): void {
    this.#serviceKeyUses.set(id, this.#clock.now());
  }

  /** How many counters there are to read. */
  get unread(): number {
    return this.#counters.size;
  }

  /**
   * Takes what was counted since the last time.
   * @param atMost how many counters; the others, which were begun last, stay for the next time
   * @returns its counters are good until the next reading
   */
  read(atMost = Number.POSITIVE_INFINITY): MeterReading {
    const oldest = this.#refusalCount % this.#maxRefusals;
    const isFull = this.#refusalCount > this.#maxRefusals;
    const reading = {
      counters: this.#counters.take(atMost),
      refusals: isFull
        ? [...this.#refusals.slice(oldest), ...this.#refusals.slice(0, oldest)]
        : this.#refusals,
      refusalsDropped: this.#refusalCount - this.#refusals.length,
      serviceKeyUses: this.#serviceKeyUses,
    };
    this.#refusals = [];
    this.#refusalCount = 0;
    this.#serviceKeyUses = new Map();
    return reading;
  }

  #count(verdict: Verdict, request: VerifyBody, asker: Asker, about: VerificationAbout | undefined): Verdict {
    const { code, key } = verdict;
    const now = this.#clock.now();
    const userAgent = agentOf(request);
    if (key !== null) {
      const counter = this.#counters.of(key, minuteOf(now));
      if (code === 'valid') counter.countUse(now, request.ip ?? null, userAgent);
      else counter.countRefusal(code, now);
    }
    if (code !== 'valid' && about !== undefined && !holdsSecret(about.requestId, request)) {
      this.#keepRefusal({
        requestId: about.requestId,
        at: now,
        door: about.door,
        code,
        projectId: key === null ? asker.projectId : key.projectId,
        keyId: key === null ? null : key.id,
        channel: request.channel ?? null,
        scopes: request.scopes ?? noScopes,
        ip: request.ip ?? null,
        userAgent,
        cost: request.cost ?? null,
        request: withoutSecret(about.request ?? null, request),
      });
    }
    return verdict;
  }

  /** When there are too many, the oldest gives way. */
  #keepRefusal(refusal: MeteredRefusal): void {
    this.#refusals[this.#refusalCount % this.#maxRefusals] = refusal;
    this.#refusalCount++;
  }
}

/** Null also for one that holds the very secret that is presented: some clients put it there. */
function agentOf(request: VerifyBody): string | null {
  const { userAgent } = request;
  return userAgent === undefined || holdsSecret(userAgent, request) ? null : userAgent;
}

/** A path that holds the very secret that is presented, as some clients write it, is kept without it. */
function withoutSecret(
  original: MeteredRefusal['request'],
  { key, secret }: VerifyBody,
): MeteredRefusal['request'] {
  const presented = key ?? secret ?? '';
  if (original === null || presented.length < shortestSecret) return original;
  return { method: original.method, path: original.path.replaceAll(presented, '[secret]') };
}

/** What is shorter than any secret is none, and would be found by chance. */
const shortestSecret = 8;

function holdsSecret(text: string, { key, secret }: VerifyBody): boolean {
  const presented = key ?? secret ?? '';
  return presented.length >= shortestSecret && text.includes(presented);
}

const noScopes: readonly string[] = Object.freeze([]);
