import { serviceKeyScopes, type VerifyBody } from '@keywright/contract';
import { onTestFinished } from 'vitest';
import type { ServiceKeyCaller } from '../../src/domain/caller.ts';
import { DomainError } from '../../src/domain/error.ts';
import { createEngine } from '../../src/engine.ts';
import { createUpstreamGuard } from '../../src/gateway/upstream-address.ts';
import type { Secret } from '../../src/keys/secret-format.ts';
import { type ChainReport, checkChain } from '../../src/ledger/check-chain.ts';
import { scanLedger } from '../../src/ledger/export-ledger.ts';
import type { Storage } from '../../src/storage/storage.ts';

/** A service key for the whole instance that may do everything. */
export const admin: ServiceKeyCaller = {
  type: 'service_key',
  id: 'svc_admin',
  name: 'Admin of the test',
  projectId: null,
  scopes: new Set(serviceKeyScopes),
};

export type RunningEngine = ReturnType<typeof createEngine> & {
  storage: Storage;
  /** The outcome of a verification: its code, or that of the error with which it failed. */
  verify(secret: Secret, question?: Omit<VerifyBody, 'key'>): Promise<string>;
};

/** Everything but HTTP, started on a storage as the program does, and stopped at the end of the test. */
export async function startEngine(storage: Storage): Promise<RunningEngine> {
  const silent = () => {};
  const engine = createEngine(
    storage,
    { info: silent, warn: silent, error: silent },
    createUpstreamGuard([]),
  );
  await engine.heartbeat.start();
  onTestFinished(() => engine.heartbeat.stop());
  return {
    ...engine,
    storage,
    async verify(secret, question = {}) {
      try {
        return (await engine.verifier.verify({ key: secret.reveal(), ...question }, admin)).code;
      } catch (error) {
        if (error instanceof DomainError) return error.code;
        throw error;
      }
    },
  };
}

/** How many of several changes succeeded, and with which codes the others were refused. No other failure is let pass. */
export async function tally(changes: Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const result of await Promise.allSettled(changes)) {
    const outcome = result.status === 'fulfilled' ? 'succeeded' : codeOf(result.reason);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

/** The contract's code of a failure; what has none is no failure that a caller may see. */
export function codeOf(error: unknown): string {
  if (error instanceof DomainError) return error.code;
  throw error;
}

/** Checks the whole ledger against its head, as `keywright audit verify` does. */
export async function expectIntactLedger({ storage }: RunningEngine): Promise<ChainReport & { holds: true }> {
  const storedHead = await storage.stores.ledger.head();
  const report = await checkChain(scanLedger(storage.stores.ledger, {}), { storedHead });
  if (!report.holds) throw new Error(`The ledger is broken: row ${report.seq} ${report.explanation}`);
  return report;
}

/** The storage, with a count of how often changes ran: once each, if none of them had to be tried again. */
export function countAttempts(storage: Storage): Storage & { counts: { changes: number; attempts: number } } {
  const counts = { changes: 0, attempts: 0 };
  return {
    ...storage,
    counts,
    transaction(run) {
      counts.changes++;
      return storage.transaction((stores) => {
        counts.attempts++;
        return run(stores);
      });
    },
  };
}
