import { serviceKeyScopes } from '@keywright/contract';
import { onTestFinished } from 'vitest';
import type { Caller } from '../../src/domain/caller.ts';
import { DomainError } from '../../src/domain/error.ts';
import { createEngine } from '../../src/engine.ts';
import { type ChainReport, checkChain } from '../../src/ledger/check-chain.ts';
import { scanLedger } from '../../src/ledger/export-ledger.ts';
import type { Storage } from '../../src/storage/storage.ts';

/** A service key for the whole instance that may do everything. */
export const admin: Caller = {
  type: 'service_key',
  id: 'svc_admin',
  name: 'Admin of the test',
  projectId: null,
  scopes: new Set(serviceKeyScopes),
};

export type Service = ReturnType<typeof createEngine> & { storage: Storage };

/** Everything but HTTP, started on a storage as the program does, and stopped at the end of the test. */
export async function startService(storage: Storage): Promise<Service> {
  const silent = () => {};
  const engine = createEngine(storage, { info: silent, warn: silent, error: silent });
  await engine.heartbeat.start();
  onTestFinished(() => engine.heartbeat.stop());
  return { ...engine, storage };
}

/** The contract's codes of what failed, sorted, and how many succeeded. Every other failure is thrown. */
export function tally(results: PromiseSettledResult<unknown>[]): {
  succeeded: number;
  refused: Record<string, number>;
} {
  const refused: Record<string, number> = {};
  let succeeded = 0;
  for (const result of results) {
    if (result.status === 'fulfilled') succeeded++;
    else if (result.reason instanceof DomainError) {
      refused[result.reason.code] = (refused[result.reason.code] ?? 0) + 1;
    } else throw result.reason;
  }
  return { succeeded, refused };
}

/** Checks the whole ledger against its head, as `keywright audit verify` does. */
export async function checkLedger({ storage }: Service): Promise<ChainReport> {
  const storedHead = await storage.stores.ledger.head();
  return checkChain(scanLedger(storage.stores.ledger, {}), { storedHead });
}
