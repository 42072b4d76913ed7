import type { IncomingMessage, ServerResponse } from 'node:http';
import { readRequestId } from './request-id.ts';
import { readTarget } from './request-target.ts';

/** One request and its response. Hono's handlers find it as `c.env`. */
export interface Exchange {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  requestId: string;
  /** As it was sent, without the query. */
  path: string;
  /** What follows the `?`. */
  search: string;
  /** The pattern that the path matched, such as `/v1/keys/:keyId`; null as long as none did. */
  route: string | null;
  /** Milliseconds of `performance.now()`. */
  startedAt: number;
  lifecycle: Lifecycle;
}

/** What all exchanges of a server share. */
export interface Lifecycle {
  /** The server is about to close: each response ends its connection. */
  isDraining: boolean;
}

export type HttpEnv = { Bindings: Exchange };

export function beginExchange(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  lifecycle: Lifecycle,
): Exchange {
  const { path, search } = readTarget(incoming.url ?? '');
  const requestId = readRequestId(incoming);
  return {
    incoming,
    outgoing,
    requestId,
    path,
    search,
    route: null,
    startedAt: performance.now(),
    lifecycle,
  };
}

/** Headers of every response. A page or a file may say something else about caching. */
export function commonHeaders({ requestId }: Pick<Exchange, 'requestId'>): Record<string, string> {
  return {
    'X-Request-Id': requestId,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  };
}

/** Call it before the response's headers are written: while the server drains, they say that the connection ends. */
export function settleConnection({ outgoing, lifecycle }: Exchange): void {
  if (lifecycle.isDraining) outgoing.shouldKeepAlive = false;
}
