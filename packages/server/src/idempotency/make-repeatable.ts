import { type IdKind, idPrefixes } from '@keywright/contract';
import type { Caller } from '../domain/caller.ts';
import type { ChangeOutcome, Context, Stores } from '../domain/context.ts';
import { DomainError } from '../domain/error.ts';
import { dayMs } from '../domain/time.ts';
import type { KeptAnswer, RepeatableRequest } from './idempotency-store.ts';

export const answersKeptMs = dayMs;

interface Repeatable extends RepeatableRequest {
  /** The answer holds a secret, which is not kept. */
  answersSecret: boolean;
}

/**
 * The context for one request with an `Idempotency-Key`: what its change answers is written in the change's own
 * transaction, so that there is never the one without the other. Sent again, the same use case runs with the value that
 * was kept in place of the change, and so answers the same; its barrier waits for what the ledger says now.
 *
 * It follows that a use case must do all that it does in its one change: what it did besides would be done again.
 */
export function makeRepeatable(context: Context, request: Repeatable): Context {
  let changes = 0;
  const change = async <T>(
    caller: Caller,
    run: (stores: Stores, now: number) => Promise<ChangeOutcome<T>>,
    options?: Parameters<Context['change']>[2],
  ) => {
    if (++changes > 1) throw new Error('a request that can be sent again makes one change');
    return context.change<T>(
      caller,
      async (stores, now) => {
        const { id, content } = request;
        const expiredAt = now - answersKeptMs;
        const known = await stores.idempotency.claim({ id, content, at: now, expiredAt });
        if (known === 'running') throw new DomainError('idempotency_conflict');
        if (known !== 'claimed') return { value: recall(known, content) as T, entries: [] };
        const outcome = await run(stores, now);
        await stores.idempotency.keep(id, answerOf(outcome, request.answersSecret));
        return outcome;
      },
      options,
    );
  };
  return { ...context, change };
}

function answerOf({ value, entries }: ChangeOutcome<unknown>, answersSecret: boolean) {
  return answersSecret
    ? { value: null, secretOf: entries.at(-1)?.subject.id ?? null }
    : { value: JSON.stringify(value ?? null), secretOf: null };
}

/** @throws idempotency_mismatch, idempotency_replayed */
function recall({ content, value, secretOf }: KeptAnswer, asked: Buffer): unknown {
  if (!content.equals(asked)) throw new DomainError('idempotency_mismatch');
  if (value !== null) return JSON.parse(value);
  throw new DomainError('idempotency_replayed', { ids: idsOf(secretOf) });
}

/** `{ keyId }`, `{ serviceKeyId }` …: what the secret belongs to, by its kind. */
function idsOf(id: string | null): Record<string, string> {
  const kinds = Object.entries(idPrefixes) as [IdKind, string][];
  const kind = kinds.find(([, prefix]) => id?.startsWith(`${prefix}_`))?.[0];
  return id === null || kind === undefined ? {} : { [`${kind}Id`]: id };
}
