import type { Key, Propagation } from '@keywright/contract';
import type { Caller } from '../domain/caller.ts';
import type { ChangeOutcome, Context, Stores } from '../domain/context.ts';
import { viewKey } from './view.ts';

export interface ChangedKey {
  key: Key;
  propagation: Propagation;
}

interface ChangingKey<T> {
  keyId: string;
  run(stores: Stores, now: number): Promise<ChangeOutcome<T>>;
}

/** Runs a change of one key, waits at the barrier, and answers the key as it is after the change. */
export async function changeKey<T>(
  context: Context,
  caller: Caller,
  { keyId, run }: ChangingKey<T>,
): Promise<ChangedKey & { value: T }> {
  const { value, seq } = await context.change(caller, async (stores, now) => {
    const outcome = await run(stores, now);
    const row = await stores.keys.find(keyId, now);
    if (row === null) throw new Error(`key ${keyId} is gone after it was changed`);
    return {
      value: { result: outcome.value, key: viewKey(row, now, context.holdings) },
      entries: outcome.entries,
    };
  });
  return { key: value.key, value: value.result, propagation: await context.barrier(seq) };
}
