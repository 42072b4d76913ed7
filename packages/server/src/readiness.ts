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

/** What `/readyz` asks: does the database answer and take changes, may this node answer from memory, do the clocks agree. */
export function createReadinessCheck({
  storage,
  writes,
  fence,
  offsetMs,
}: ReadinessOptions): () => Promise<Readiness> {
  return async () => {
    const checks = {
      database: await checkDatabase({ storage, writes }),
      lease: checkLease(fence),
      clock: checkClock(offsetMs()),
    };
    return { ready: Object.values(checks).every((check) => check.ok), checks };
  };
}

async function checkDatabase({
  storage,
  writes,
}: Pick<ReadinessOptions, 'storage' | 'writes'>): Promise<Readiness['checks'][string]> {
  try {
    await storage.node.head();
  } catch {
    return { ok: false, detail: 'the database does not answer' };
  }
  const fault = writes.check(storage);
  return fault === null
    ? { ok: true, detail: 'the database answers' }
    : { ok: false, detail: `the database answers, but takes no changes: ${fault}` };
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
