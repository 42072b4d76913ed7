import { checkChain } from '../../ledger/check-chain.ts';
import type { LedgerHead } from '../../ledger/entry.ts';
import { scanLedger } from '../../ledger/export-ledger.ts';
import type { Installation } from '../context.ts';

/**
 * Checks that a file is a whole database of this program: the file itself, its tables, and the chain of its ledger.
 * @param what it is, as the beginning of the sentence that says what is wrong
 * @returns the head of its ledger
 */
export async function checkDatabaseFile(
  { openDatabaseFile }: Pick<Installation, 'openDatabaseFile'>,
  path: string,
  what: string,
): Promise<LedgerHead> {
  const file = await openDatabaseFile(path).catch((error: unknown) => {
    throw new Error(`${what} cannot be opened`, { cause: error });
  });
  try {
    const damage = file.findDamage();
    if (damage !== null) throw new Error(`${what} is damaged. ${damage}`);
    if (file.migrations === 'none') throw new Error(`${what} is no database of Keywright.`);
    if (file.migrations === 'newer')
      throw new Error(`${what} was written by a newer Keywright. Use that version.`);
    const report = await checkChain(scanLedger(file.ledger, {}), { storedHead: await file.ledger.head() });
    if (!report.holds)
      throw new Error(
        `The ledger of ${lowerFirst(what)} does not hold: row ${report.seq} ${report.explanation}.`,
      );
    return report.head;
  } finally {
    await file.close();
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
