import type { QuotaInput } from '@keywright/contract';
import {
  enterPeriod,
  type HeldBlock,
  type QuotaState,
  type Reservation,
  type ReservationRequest,
  unusedQuota,
} from '../keys/quota-store.ts';
import type { QuotaBank } from '../verification/quota.ts';

/** A call on its way. A test that holds it lets it happen, and be answered, when it likes. */
interface Call {
  what: 'reserve' | 'giveBack';
  units: number;
  /** The database does it; nobody knows yet. */
  commit(): void;
  /** Does it if that is still to do, and answers. */
  pass(): void;
  fail(error: Error): void;
}

interface Account {
  quota: QuotaInput | null;
  state: QuotaState;
}

/** Quotas in memory, as the database keeps them. */
export class FakeQuotaBank implements QuotaBank {
  isHeld = false;
  /** Set: every call fails with it and does nothing. */
  failure: Error | null = null;
  readonly calls: Call[] = [];
  readonly #accounts = new Map<string, Account>();

  set(keyId: string, quota: QuotaInput | null): void {
    this.#accounts.set(keyId, { quota, state: this.stateOf(keyId) });
  }

  restart(keyId: string): void {
    const { generation } = this.stateOf(keyId);
    this.#setState(keyId, { periodStart: 0, used: 0, generation: generation + 1 });
  }

  stateOf(keyId: string): QuotaState {
    return this.#accounts.get(keyId)?.state ?? unusedQuota;
  }

  count(what: Call['what']): number {
    return this.calls.filter((call) => call.what === what).length;
  }

  last(): Call {
    const call = this.calls.at(-1);
    if (call === undefined) throw new Error('the bank was not asked yet');
    return call;
  }

  reserve(request: ReservationRequest): Promise<Reservation> {
    return this.#call('reserve', request.wanted, () => this.#reserve(request));
  }

  giveBack(blocks: readonly HeldBlock[]): Promise<void> {
    const units = blocks.reduce((sum, block) => sum + block.units, 0);
    return this.#call('giveBack', units, () => {
      for (const block of blocks) this.#take(block);
    });
  }

  #reserve({ keyId, least, wanted, ...moment }: ReservationRequest): Reservation {
    const { quota, state } = this.#accounts.get(keyId) ?? { quota: null, state: unusedQuota };
    if (quota === null) return { quota, granted: 0, state };
    const current = enterPeriod(state, quota.period, moment);
    const left = Math.max(0, quota.limit - current.used);
    const granted = left < least ? 0 : Math.min(left, wanted);
    this.#setState(keyId, { ...current, used: current.used + granted });
    return { quota, granted, state: this.stateOf(keyId) };
  }

  #take({ keyId, units, state }: HeldBlock): void {
    const now = this.stateOf(keyId);
    if (now.generation !== state.generation || now.periodStart !== state.periodStart) return;
    this.#setState(keyId, { ...now, used: now.used - units });
  }

  #setState(keyId: string, state: QuotaState): void {
    if (state.used < 0) throw new Error(`more was given back to ${keyId} than was taken`);
    this.#accounts.set(keyId, { quota: this.#accounts.get(keyId)?.quota ?? null, state });
  }

  #call<T>(what: Call['what'], units: number, act: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    let done: { value: T } | null = null;
    const commit = () => {
      done ??= { value: act() };
      return done.value;
    };
    this.calls.push({
      what,
      units,
      commit: () => void commit(),
      pass: () => resolve(commit()),
      fail: reject,
    });
    if (this.failure !== null) reject(this.failure);
    else if (!this.isHeld) resolve(commit());
    return promise;
  }
}
