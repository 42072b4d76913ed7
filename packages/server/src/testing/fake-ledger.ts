import { createHash } from 'node:crypto';
import type { Beat, NodeStore } from '../cluster/node-store.ts';
import { type FollowedRow, genesis, type LedgerHead } from '../ledger/entry.ts';
import type { MaybePromise } from '../verification/verification-store.ts';
import { Reads } from './reads.ts';

type RowContent = Pick<FollowedRow, 'action' | 'subjectType' | 'subjectId'> & { projectId?: string | null };

/** A row of the ledger as followers see it. Its hash tells it from a row with the same number in another ledger. */
export function followedRow(seq: number, content: RowContent, ledger = ''): FollowedRow {
  const hash = createHash('sha256')
    .update(`${ledger}${seq}${JSON.stringify(content)}`)
    .digest();
  return { projectId: 'prj_1', ...content, seq, hash };
}

/** A ledger in memory, as a node follows it. */
export class FakeLedger implements NodeStore {
  readonly reads = new Reads();
  rows: FollowedRow[] = [];
  databaseTimeMs = 0;
  #name = '';

  async register(): Promise<void> {}

  /** Commits a row and answers its number. */
  commit(content: Partial<RowContent> = {}): number {
    const seq = this.rows.length + 1;
    const whole = { action: 'key.updated', subjectType: 'key', subjectId: `key_${seq}`, ...content };
    this.rows.push(followedRow(seq, whole, this.#name));
    return seq;
  }

  /** As after a restore or a failover: another ledger, of this length, under the same address. */
  replace(length: number): void {
    this.#name += 'x';
    this.rows = [];
    for (let seq = 1; seq <= length; seq++) this.commit();
  }

  beat(appliedSeq: number): MaybePromise<Beat> {
    const beat: Beat = {
      headSeq: this.rows.length,
      appliedHash: appliedSeq === 0 ? genesis.hash : (this.rows[appliedSeq - 1]?.hash ?? null),
      databaseTimeMs: this.databaseTimeMs,
    };
    return this.reads.answer('beat', [appliedSeq], beat);
  }

  tail(seq: number, limit: number): MaybePromise<FollowedRow[]> {
    return this.reads.answer('tail', [seq, limit], this.rows.slice(seq, seq + limit));
  }

  head(): MaybePromise<LedgerHead> {
    const last = this.rows.at(-1);
    return this.reads.answer('head', [], last === undefined ? genesis : { seq: last.seq, hash: last.hash });
  }
}
