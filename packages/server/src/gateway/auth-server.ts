import { createServer } from 'node:http';
import { DomainError } from '../domain/error.ts';
import { beginExchange, type Lifecycle } from '../wire/exchange.ts';
import type { HttpServer } from '../wire/http-server.ts';
import type { SendProblem } from '../wire/send-problem.ts';
import { refuseMalformed, serverOptions } from '../wire/server-options.ts';
import type { AuthDoors } from './auth-doors.ts';

/** A server of the routes that proxies ask and of nothing else, for a port that the outside does not reach. */
export function createAuthServer(doors: AuthDoors, sendProblem: SendProblem): HttpServer {
  const lifecycle: Lifecycle = { isDraining: false };
  const server = createServer(serverOptions, (incoming, outgoing) => {
    const exchange = beginExchange(incoming, outgoing, lifecycle);
    if (!doors(exchange)) sendProblem(exchange, new DomainError('not_found', { detail: absent }));
  });
  server.on('clientError', refuseMalformed);
  return {
    server,
    drain() {
      lifecycle.isDraining = true;
    },
  };
}

const absent =
  'On this port there are only /forward-auth/{channel}, /auth-request/{channel} and /ext-authz/{channel}/*.';
