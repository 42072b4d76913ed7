import type { Server } from 'node:http';
import type { Context } from './domain/context.ts';
import type { createEngine } from './engine.ts';
import type { Storage } from './storage/storage.ts';
import type { Metrics } from './wire/metrics.ts';

type Engine = ReturnType<typeof createEngine>;

/** Lets Prometheus see what the engine knows of itself. */
export function watchEngine(metrics: Metrics, engine: Engine): void {
  const { verifier, limiter, follower, usageWriter, heartbeat, fence } = engine;
  const { counter, gauge } = watchers(metrics);
  counter(
    'keywright_key_cache_hits_total',
    'Verifications answered from memory.',
    () => verifier.statistics.hits,
  );
  counter(
    'keywright_key_cache_absences_total',
    'Verifications of unknown secrets answered from memory.',
    () => verifier.statistics.absences,
  );
  counter(
    'keywright_key_cache_loads_total',
    'Verifications that asked the database.',
    () => verifier.statistics.loads,
  );
  gauge('keywright_key_cache_records', 'Secrets in memory.', () => verifier.statistics.size);
  gauge('keywright_limited_keys', 'Keys whose rate limits or quotas are in memory.', () => limiter.size);
  gauge(
    'keywright_usage_lag_seconds',
    'Age of the oldest verification that is counted in memory only.',
    () => usageWriter.statistics.lagSeconds,
  );
  gauge(
    'keywright_usage_journal_parts',
    'Parts of usage that are in the database and not added up yet.',
    () => usageWriter.statistics.partsKept,
  );
  counter(
    'keywright_usage_batches_written_total',
    'Batches of usage that were written.',
    () => usageWriter.statistics.batchesWritten,
  );
  counter(
    'keywright_usage_batches_failed_total',
    'Attempts to write a batch of usage that failed.',
    () => usageWriter.statistics.batchesFailed,
  );
  counter(
    'keywright_usage_verifications_dropped_total',
    'Verifications that could not be counted.',
    () => usageWriter.statistics.verificationsDropped,
  );
  counter(
    'keywright_usage_refusals_dropped_total',
    'Refusals that were too many to be kept.',
    () => usageWriter.statistics.refusalsDropped,
  );
  gauge(
    'keywright_ledger_applied_seq',
    'The row of the ledger that this node applied last.',
    () => follower.applied.seq,
  );
  gauge('keywright_ledger_head_seq', 'The last row of the ledger, as far as this node knows.', () =>
    Math.max(heartbeat.statistics.headSeq, follower.applied.seq),
  );
  gauge(
    'keywright_heartbeat_age_seconds',
    'Time since the last heartbeat that came through was sent.',
    () => heartbeat.statistics.ageMs / 1000,
  );
  gauge(
    'keywright_lease_left_seconds',
    'How long this node may still answer from memory without another heartbeat.',
    () => fence.leftMs() / 1000,
  );
  gauge(
    'keywright_database_round_trip_seconds',
    'Time that the database took to answer the last heartbeat.',
    () => heartbeat.statistics.roundTripMs / 1000,
  );
  gauge(
    'keywright_database_clock_offset_seconds',
    "The database's clock minus this machine's.",
    () => engine.offsetMs() / 1000,
  );
}

/** How busy the database's connections are: what waits there is what makes everything else slow. */
export function watchDatabase(metrics: Metrics, { load }: Pick<Storage, 'load'>): void {
  const { gauge } = watchers(metrics);
  gauge('keywright_database_connections_open', 'Connections on which changes are made.', () => load().open);
  gauge('keywright_database_connections_busy', 'Of these, the ones in use.', () => load().busy);
  gauge('keywright_database_waiting', 'Changes or queries that wait for a connection.', () => load().waiting);
}

export function watchConnections(metrics: Metrics, server: Server): void {
  let open = 0;
  server.on('connection', (socket) => {
    open++;
    socket.once('close', () => open--);
  });
  watchers(metrics).gauge('keywright_http_connections', 'Connections that clients have open.', () => open);
}

/** The context, with the waits of its barrier measured. */
export function observeBarrier(context: Context, { observeBarrier }: Metrics): Context {
  return {
    ...context,
    async barrier(seq) {
      const propagation = await context.barrier(seq);
      observeBarrier(propagation.elapsedMs / 1000);
      return propagation;
    },
  };
}

function watchers(metrics: Metrics) {
  const watch = (type: 'counter' | 'gauge') => (name: string, help: string, read: () => number) =>
    metrics.watch({ type, name, help, read });
  return { counter: watch('counter'), gauge: watch('gauge') };
}
