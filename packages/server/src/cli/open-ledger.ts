import type { Config } from '../config.ts';
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
