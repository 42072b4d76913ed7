import type { Config } from '../config.ts';
import type { LedgerHead } from '../ledger/entry.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { CliContext } from './context.ts';

/** Opens the configured database for reading, hands over its ledger, and closes it whatever happens. */
export async function withLedger<T>(
  context: CliContext,
  config: Config,
  run: (ledger: LedgerStore) => Promise<T>,
): Promise<T> {
  const { openStorageReadOnly } = await context.loadInstallation();
  const { stores, close } = await openStorageReadOnly(config);
  try {
    return await run(stores.ledger);
  } finally {
    await close();
  }
}

/** @throws with a message that tells what was looked for, since a head that is gone is worth knowing of */
export async function readHead(ledger: LedgerStore): Promise<LedgerHead> {
  try {
    return await ledger.head();
  } catch (error) {
    throw new Error('The head of the ledger cannot be read', { cause: error });
  }
}
