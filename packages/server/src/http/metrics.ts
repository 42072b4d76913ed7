import type { RefusalCode } from '@keywright/contract';
import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  type PrometheusContentType,
  Registry,
} from '@prometheus-io/client';
import { type ObservedRequest, RequestHistogram } from './request-histogram.ts';

/** What Prometheus is told. Nothing in it names a key, a project or a caller. */
export interface Metrics {
  registry: Registry<PrometheusContentType>;
  observeRequest(request: ObservedRequest): void;
  countVerification(code: 'valid' | RefusalCode): void;
  /** Registers a number that is kept elsewhere and read when Prometheus asks. */
  watch(metric: WatchedMetric): void;
}

interface WatchedMetric {
  type: 'gauge' | 'counter';
  name: string;
  help: string;
  read(): number;
}

/** Metrics in a registry of their own, with those of the process. */
export function createMetrics(): Metrics {
  const registry = new Registry<PrometheusContentType>();
  collectDefaultMetrics({ register: registry });
  const requests = new RequestHistogram({
    name: 'keywright_http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its response.',
    registers: [registry],
  });
  return {
    registry,
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
