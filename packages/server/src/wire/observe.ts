import type { Logger } from 'pino';
import type { Exchange } from './exchange.ts';
import type { Metrics } from './metrics.ts';

/** What a request without a route is counted as. */
const unmatched = 'unmatched';
/** nginx's number for a client that went away before its answer. */
const clientGone = 499;

/** Measures a request and logs it when its response is done; no header, query or body, since these hold secrets. */
export function observeExchange(
  exchange: Exchange,
  { metrics, logger }: { metrics: Metrics; logger: Logger },
): void {
  const { incoming, outgoing, requestId, startedAt } = exchange;
  outgoing.once('close', () => {
    const durationMs = performance.now() - startedAt;
    const method = incoming.method ?? '';
    const route = exchange.route ?? unmatched;
    const status = outgoing.headersSent ? outgoing.statusCode : clientGone;
    metrics.observeRequest({ method, route, status, durationMs });
    logger.debug({ method, route, status, ms: Math.round(durationMs * 10) / 10, requestId }, 'request');
  });
}
