import { join } from 'node:path';
import { type ChainReport, checkChain } from '../../ledger/check-chain.ts';
import type { StoredLedgerRow } from '../../ledger/entry.ts';
import { scanLedger, scanLedgerUpTo } from '../../ledger/export-ledger.ts';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import { ExportLineError, readExport } from '../../ledger/read-export.ts';
import type { CliContext, Installation } from '../context.ts';
import { openLines } from '../read-lines.ts';
import { explainError } from '../say.ts';

/** A ledger that may tell of changes which a backup knows nothing of. */
export interface LedgerSource {
  /** As the beginning of a sentence. */
  name: string;
  /** From the first row on; may be asked for several times. */
  rows(): AsyncIterable<StoredLedgerRow>;
}

/**
 * The ledger in an exported file.
 * @throws when it is damaged: a part of it would pass for the whole
 */
export async function openExport(context: CliContext, file: string): Promise<LedgerSource> {
  const rows = () => readExport(openLines(context, file));
  const report = await checkChain(rows(), {}).catch((error: unknown) => {
    if (!(error instanceof ExportLineError)) throw error;
    throw new Error(`${file} does not hold: line ${error.line} ${error.explanation}.`);
  });
  if (!report.holds) throw new Error(`${file} does not hold: row ${report.seq} ${report.explanation}.`);
  if (report.rows === 0) throw new Error(`${file} is empty.`);
  return { name: file, rows };
}

/** A ledger in a database, with what the check of its chain found. */
export async function checkSource(
  name: string,
  ledger: LedgerStore,
): Promise<{ source: LedgerSource; report: ChainReport }> {
  const storedHead = await ledger.head();
  const report = await checkChain(scanLedgerUpTo(ledger, storedHead), { storedHead });
  return { source: { name, rows: () => scanLedger(ledger, {}) }, report };
}

export interface PresentLedger {
  /** Null when there is no database, or none that can be read. */
  source: LedgerSource | null;
  /** What a person should know before relying on it; null when nothing. */
  doubt: string | null;
  close(): Promise<void>;
}

/** The ledger of the database that is about to be replaced. It may be damaged: that may be why. */
export async function openPresent(
  { hasDatabase, openDatabaseFile }: Installation,
  dataDir: string,
): Promise<PresentLedger> {
  if (!hasDatabase({ databaseUrl: null, dataDir })) return { source: null, doubt: null, async close() {} };
  try {
    const file = await openDatabaseFile(join(dataDir, 'keywright.db'));
    try {
      const { source, report } = await checkSource('The present database', file.ledger);
      const doubt = report.holds
        ? null
        : `The ledger of the present database does not hold: row ${report.seq} ${report.explanation}. ` +
          'What it tells of the time since the backup may not be all.';
      return { source, doubt, close: file.close };
    } catch (error) {
      await file.close();
      throw error;
    }
  } catch (error) {
    const doubt = `The present database cannot be read, so that it tells nothing of the time since the backup: ${explainError(error).join(' ')}`;
    return { source: null, doubt, async close() {} };
  }
}
