import { compareLedgers } from '../../ledger/compare-ledgers.ts';
import { type Loss, LossFinder } from '../../ledger/losses.ts';
import type { LedgerSource } from './ledger-source.ts';

/** What a restored database does not know of. */
export interface Assessment {
  losses: Loss[];
  /** How many changes of any kind are not in it. */
  missing: number;
  /** The names of ledgers that have no row in common with it: they are of another instance. */
  foreign: string[];
  /** What a person should know besides, in sentences. */
  doubts: string[];
}

/** Compares the ledger of a database that is to be restored with what others tell of the time since. */
export async function assess(
  restored: LedgerSource,
  sources: readonly LedgerSource[],
): Promise<Omit<Assessment, 'doubts'>> {
  const assessment: Omit<Assessment, 'doubts'> = { losses: [], missing: 0, foreign: [] };
  const known = new Set<string>();
  for (const source of await dropRepeated(sources)) {
    const finder = new LossFinder();
    const { common, beyond } = await compareLedgers(restored.rows(), source.rows(), (row) => finder.add(row));
    if (common === 0 && beyond.first > 0 && beyond.second > 0) assessment.foreign.push(source.name);
    assessment.missing += beyond.second;
    for (const loss of finder.losses(Date.now())) {
      if (known.has(loss.row.hash)) continue;
      known.add(loss.row.hash);
      assessment.losses.push(loss);
    }
  }
  assessment.losses.sort((a, b) => a.row.at.localeCompare(b.row.at) || a.row.seq - b.row.seq);
  return assessment;
}

/** Leaves out a ledger that is the beginning of another one: what it tells, that one tells too, and how it went on. */
async function dropRepeated(sources: readonly LedgerSource[]): Promise<readonly LedgerSource[]> {
  const [first, second] = sources;
  if (first === undefined || second === undefined) return sources;
  const { beyond } = await compareLedgers(first.rows(), second.rows());
  if (beyond.second === 0) return [first];
  return beyond.first === 0 ? [second] : sources;
}
