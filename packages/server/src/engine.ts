import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { LinkUpkeep } from './accounts/link-upkeep.ts';
import { censorText } from './censor.ts';
import { createBarrier } from './cluster/barrier.ts';
import { Fence } from './cluster/fence.ts';
import { Heartbeat, leaseMs } from './cluster/heartbeat.ts';
import { RegistrationLost } from './cluster/node-store.ts';
import { createOwnProgress } from './cluster/own-progress.ts';
import { SystemClock } from './domain/clock.ts';
import type { Context } from './domain/context.ts';
import type { UpstreamGuard } from './gateway/upstream-address.ts';
import { AnswerUpkeep } from './idempotency/answer-upkeep.ts';
import { createChange } from './ledger/change.ts';
import { Follower } from './ledger/follow.ts';
import { Authenticator } from './service-keys/authenticate.ts';
import type { Storage } from './storage/storage.ts';
import { UsageJournal } from './usage/usage-journal.ts';
import { UsageUpkeep } from './usage/usage-upkeep.ts';
import { UsageWriter } from './usage/usage-writer.ts';
import { Limiter } from './verification/limiter.ts';
import { OpenStreams } from './verification/open-streams.ts';
import { UsageMeter } from './verification/usage-meter.ts';
import { MemoryVerifier } from './verification/verify.ts';

/** Everything between the routes and the storage. */
export function createEngine(
  storage: Storage,
  logger: Pick<Logger, 'warn' | 'info' | 'error'>,
  { findFault: findUpstreamFault }: Pick<UpstreamGuard, 'findFault'>,
) {
  const clock = new SystemClock();
  const fence = new Fence(clock);
  let offsetMs = 0;
  const memory = { store: storage.verification, fence, clock, appliedSeq: () => follower.applied.seq };
  const limiter = new Limiter({
    clock,
    fence,
    bank: {
      reserve: (request) => storage.transaction(({ quotas }) => quotas.reserve(request)),
      giveBack: (blocks) => storage.transaction(({ quotas }) => quotas.giveBack(blocks)),
    },
    onLost: (error) =>
      logger.warn({ err: error }, 'units of quotas could not be given back; they count as used'),
  });
  const verifier = new MemoryVerifier({ ...memory, limiter });
  const streams = new OpenStreams({ clock, recheck: (stream) => verifier.stillPasses(stream) });
  const meter = new UsageMeter({ verifier, clock });
  const upkeep = { transaction: storage.backgroundTransaction, clock, log: logger };
  const answerUpkeep = new AnswerUpkeep(upkeep);
  const linkUpkeep = new LinkUpkeep(upkeep);
  const usageUpkeep = new UsageUpkeep(upkeep);
  const writing = { ...upkeep, node: randomUUID() };
  const usageJournal = new UsageJournal(writing);
  const usageWriter = new UsageWriter({ ...writing, meter, journal: usageJournal, censor: censorText });
  const authenticator = new Authenticator({ ...memory, onUse: (caller) => meter.countServiceKey(caller) });
  const follower: Follower = new Follower({
    store: storage.node,
    apply(row) {
      verifier.apply(row);
      limiter.apply(row);
      authenticator.apply(row);
      streams.apply(row);
    },
    clear() {
      verifier.clear();
      limiter.clear();
      authenticator.clear();
      streams.clear();
    },
  });
  const heartbeat = new Heartbeat({
    store: storage.node,
    follower,
    fence,
    clock,
    onOffset(measuredMs) {
      offsetMs = measuredMs;
      // On SQLite the database's clock is this machine's.
      if (storage.engine === 'postgres') clock.setOffset(measuredMs);
    },
    onStateChange(error) {
      if (error === null) {
        logger.info('the database answers again');
        return;
      }
      const outage = 'the database does not answer; going on from memory for at most one lease';
      logger.error({ err: error }, error instanceof RegistrationLost ? error.message : outage);
    },
    // No row will tell which of them has to end.
    onCutOff: () => streams.clear(),
  });
  storage.onMove(() => {
    // The ledger there may be shorter than what was followed: the barrier would take a new row of it for an applied one.
    fence.close();
    logger.warn('the database was restarted, or is on another server: former connections are broken off');
  });
  const context: Context = {
    stores: storage.stores,
    findUpstreamFault,
    holdings: limiter,
    clock,
    follow: createOwnProgress({ follower, clock, leaseMs }),
    flushUsage: () => usageWriter.settle(),
    scrub: storage.scrub,
    barrier: createBarrier({ follower, clock, leaseMs }),
    change: createChange({
      transaction: storage.transaction,
      clock,
      // A change that waits will learn of a failure at the barrier, every other at the next heartbeat.
      wake: () => void follower.catchUp().catch(() => {}),
    }),
  };
  return {
    context,
    verifier,
    limiter,
    streams,
    meter,
    usageWriter,
    usageJournal,
    usageUpkeep,
    answerUpkeep,
    linkUpkeep,
    authenticator,
    follower,
    heartbeat,
    fence,
    offsetMs: () => offsetMs,
  };
}
