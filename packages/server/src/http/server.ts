import { getRequestListener, RequestError } from '@hono/node-server';
import { endpoints } from '@keywright/contract';
import { DomainError } from '../domain/error.ts';
import { commonHeaders, type Exchange } from '../wire/exchange.ts';
import { createExchangeServer } from '../wire/exchange-server.ts';
import type { HttpServer } from '../wire/http-server.ts';
import { observeExchange } from '../wire/observe.ts';
import { createFaultDescriber } from '../wire/problem.ts';
import { createProblemSender, type SendProblem } from '../wire/send-problem.ts';
import { createApp } from './app.ts';
import type { HttpDependencies } from './dependencies.ts';
import { createVerifyHandler } from './routes/verify/hot-path.ts';

/** The server of the API, its documentation, and what operators look at. It does not listen yet. */
export function createHttpServer(dependencies: HttpDependencies): HttpServer {
  return createExchangeServer({
    serve: createListener(dependencies),
    describeFault: createFaultDescriber(dependencies),
  });
}

const verifyPath = endpoints.verify.path;

/** Verifications go straight to their handler, whoever asks for them, everything else through the framework. */
function createListener(dependencies: HttpDependencies): (exchange: Exchange) => void {
  const sendProblem = createProblemSender(dependencies);
  const verify = createVerifyHandler(dependencies, sendProblem);
  const serveApp = createAppListener(dependencies, sendProblem);
  return (exchange) => {
    if (exchange.path === verifyPath && exchange.incoming.method === 'POST') verify(exchange);
    else if (!dependencies.doors(exchange)) serveApp(exchange);
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
