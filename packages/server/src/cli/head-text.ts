import { InvalidArgumentError } from 'commander';
import type { LedgerHead } from '../ledger/entry.ts';

/** A head as people keep it: `seq:hash`, the hash in hex. */
export function formatHead({ seq, hash }: LedgerHead): string {
  return `${seq}:${hash.toString('hex')}`;
}

/** @throws InvalidArgumentError for what is no head */
export function parseHead(text: string): LedgerHead {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text.trim()) ?? [];
  if (seq === undefined || hash === undefined) {
    throw new InvalidArgumentError(
      'It must be as `keywright audit head` prints it: a number, ":" and 64 hex digits.',
    );
  }
  return { seq: Number(seq), hash: Buffer.from(hash, 'hex') };
}
