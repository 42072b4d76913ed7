import type { RefusalCode } from '@keywright/contract';
import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type PrometheusContentType,
  Registry,
} from '@prometheus-io/client';
import { type ObservedRequest, RequestHistogram } from './request-histogram.ts';

/** What Prometheus is told. Nothing in it names a key, a project or a caller. */
export interface Metrics {
  registry: Registry<PrometheusContentType>;
  observeRequest(request: ObservedRequest): void;
  countVerification(code: 'valid' | RefusalCode): void;
  /** How long a change that takes power away waited until no node could answer from an older memory. */
  observeBarrier(seconds: number): void;
  /** Registers a number that is kept elsewhere and read when Prometheus asks. */
  watch(metric: WatchedMetric): void;
}

interface WatchedMetric {
  type: 'gauge' | 'counter';
  name: string;
  help: string;
  read(): number;
}

/**
 * Metrics in a registry of their own, with those of the process.
 * @param about what runs here: told as the labels of a series whose value is always 1
 */
export function createMetrics(about: { version: string; engine: string }): Metrics {
  const registry = new Registry<PrometheusContentType>();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'keywright_info',
    help: 'The version that runs, and on which database engine.',
    labelNames: ['version', 'engine'],
    registers: [registry],
  }).set(about, 1);
  const requests = new RequestHistogram({
    name: 'keywright_http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its response.',
    registers: [registry],
  });
  const barrier = new Histogram({
    name: 'keywright_barrier_wait_seconds',
    help: 'Time from the commit of a change that takes power away until no node answers from an older memory.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 11],
    registers: [registry],
  });
  return {
    registry,
    observeBarrier: (seconds) => barrier.observe(seconds),
    observeRequest: (request) => requests.add(request),
    countVerification: createVerificationCounter(registry),
    watch: (metric) => watch(registry, metric),
  };
}

/** Counts in plain numbers, which the counter takes over when Prometheus asks: this is on the hot path. */
function createVerificationCounter(registry: Registry<PrometheusContentType>): Metrics['countVerification'] {
  const counts: Partial<Record<'valid' | RefusalCode, number>> = {};
  new Counter({
    name: 'keywright_verifications_total',
    help: 'Verifications by their outcome.',
    labelNames: ['code'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [code, count] of Object.entries(counts)) this.inc({ code }, count);
    },
  });
  return (code) => {
    counts[code] = (counts[code] ?? 0) + 1;
  };
}

function watch(registry: Registry<PrometheusContentType>, { type, name, help, read }: WatchedMetric): void {
  if (type === 'gauge') {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
    return;
  }
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}
