import type { Fence } from './cluster/fence.ts';
import type { Readiness } from './http/dependencies.ts';
import type { Storage } from './storage/storage.ts';
import type { WriteWatch } from './storage/write-watch.ts';

interface ReadinessOptions {
  storage: Pick<Storage, 'node' | 'backgroundTransaction'>;
  writes: Pick<WriteWatch, 'check'>;
  fence: Pick<Fence, 'isOpen'>;
  /** The database's clock minus this machine's, in milliseconds. */
  offsetMs(): number;
}

/** Beyond this, expiry and overlaps would be wrong by more than a person can overlook. */
const maxSkewMs = 1000;

/**
 * What `/readyz` asks: does the database answer, may this node answer from memory, do the clocks agree; where limits are
 * kept; and whether the database takes changes, which is told, and no more: verifications go on without, and would not at a node that a balancer
 * takes out for it.
 */
export function createReadinessCheck({
  storage,
  writes,
  fence,
  offsetMs,
}: ReadinessOptions): () => Promise<Readiness> {
  return async () => {
    const needed = {
      database: await checkDatabase(storage),
      lease: checkLease(fence),
      clock: checkClock(offsetMs()),
    };
    const ready = Object.values(needed).every((check) => check.ok);
    return { ready, checks: { ...needed, limiter, changes: checkChanges(writes, storage) } };
  };
}

/** Windows need nothing that could be away, and quotas only the database, which has its own check. */
const limiter: Readiness['checks'][string] = Object.freeze({
  ok: true,
  detail: 'rate limits are kept in the memory of this process, quotas in the database',
});

async function checkDatabase(storage: Pick<Storage, 'node'>): Promise<Readiness['checks'][string]> {
  try {
    await storage.node.head();
    return { ok: true, detail: 'the database answers' };
  } catch {
    return { ok: false, detail: 'the database does not answer' };
  }
}

function checkChanges(
  writes: ReadinessOptions['writes'],
  storage: ReadinessOptions['storage'],
): Readiness['checks'][string] {
  const fault = writes.check(storage);
  return fault === null
    ? { ok: true, detail: 'nothing speaks against changes' }
    : { ok: false, detail: `nothing can be changed or revoked: ${fault}` };
}

function checkLease(fence: Pick<Fence, 'isOpen'>): Readiness['checks'][string] {
  return fence.isOpen()
    ? { ok: true, detail: 'may answer from memory' }
    : {
        ok: false,
        detail: 'no heartbeat came through within the lease; every verification asks the database',
      };
}

function checkClock(offsetMs: number): Readiness['checks'][string] {
  const skew = `${Math.round(offsetMs)} ms`;
  return Math.abs(offsetMs) <= maxSkewMs
    ? { ok: true, detail: `this machine's clock is ${skew} from the database's` }
    : { ok: false, detail: `this machine's clock is ${skew} from the database's: set it by NTP` };
}
