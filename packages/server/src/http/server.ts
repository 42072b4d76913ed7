import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener, RequestError } from '@hono/node-server';
import { endpoints } from '@keywright/contract';
import { DomainError } from '../domain/error.ts';
import { beginExchange, commonHeaders, type Exchange, type Lifecycle } from '../wire/exchange.ts';
import { observeExchange } from '../wire/observe.ts';
import { createProblemSender, type SendProblem } from '../wire/send-problem.ts';
import { createApp } from './app.ts';
import type { HttpDependencies } from './dependencies.ts';
import { createVerifyHandler } from './routes/verify/hot-path.ts';

export interface HttpServer {
  server: Server;
  /** From now on each response ends its connection. Call it before `server.close()`, which then cuts off nobody. */
  drain(): void;
}

const options = {
  requireHostHeader: true,
  maxHeaderSize: 16 * 1024,
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5_000,
  // Longer than the 60 s for which proxies keep theirs, so that it is they who close an idle connection.
  keepAliveTimeout: 65_000,
};

/** The server of the API, its documentation, and what operators look at. It does not listen yet. */
export function createHttpServer(dependencies: HttpDependencies): HttpServer {
  const lifecycle: Lifecycle = { isDraining: false };
  const server = createServer(options, createListener(dependencies, lifecycle));
  server.on('clientError', refuseMalformed);
  return {
    server,
    drain() {
      lifecycle.isDraining = true;
    },
  };
}

const verifyPath = endpoints.verify.path;

/** Verifications go straight to their handler, everything else through the framework. */
function createListener(dependencies: HttpDependencies, lifecycle: Lifecycle): RequestListener {
  const sendProblem = createProblemSender(dependencies);
  const verify = createVerifyHandler(dependencies, sendProblem);
  const serveApp = createAppListener(dependencies, sendProblem);
  return (incoming, outgoing) => {
    const exchange = beginExchange(incoming, outgoing, lifecycle);
    if (exchange.path === verifyPath && incoming.method === 'POST') verify(exchange);
    else serveApp(exchange);
  };
}

function createAppListener(
  dependencies: HttpDependencies,
  sendProblem: SendProblem,
): (exchange: Exchange) => void {
  const app = createApp(dependencies, sendProblem);
  const exchanges = new WeakMap<object, Exchange>();
  const listen = getRequestListener((request, { incoming }) => app.fetch(request, exchanges.get(incoming)), {
    overrideGlobalObjects: false,
    // Node itself discards what is left of a body when its response is done.
    autoCleanupIncoming: false,
    // HTTP/1.0, which load balancers like for their checks, knows no Host.
    hostname: 'localhost',
    // Thrown on, so that the exchange that it belongs to is known where it is answered.
    errorHandler(error) {
      throw error;
    },
  });
  return (exchange) => {
    const { incoming, outgoing } = exchange;
    observeExchange(exchange, dependencies);
    exchanges.set(incoming, exchange);
    for (const [name, value] of Object.entries(commonHeaders(exchange))) outgoing.setHeader(name, value);
    listen(incoming, outgoing).catch((error) => sendProblem(exchange, translate(error)));
  };
}

function translate(error: unknown): unknown {
  if (!(error instanceof RequestError)) return error;
  return new DomainError('validation_failed', {
    detail: 'The address or the Host header of the request is malformed.',
    cause: error,
  });
}

const statusOfParserError: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** What is no HTTP gets no more than a status line: there is no request that an answer could be for. */
function refuseMalformed(
  error: NodeJS.ErrnoException,
  socket: Duplex & { _httpMessage?: ServerResponse },
): void {
  // In the middle of a response these bytes would become part of it.
  if (!socket.writable || socket._httpMessage?.headersSent) {
    socket.destroy();
    return;
  }
  const status = statusOfParserError[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
