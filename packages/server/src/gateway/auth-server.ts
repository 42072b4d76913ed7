import { DomainError } from '../domain/error.ts';
import { createExchangeServer } from '../wire/exchange-server.ts';
import type { HttpServer } from '../wire/http-server.ts';
import type { DescribeFault } from '../wire/protocol-fault.ts';
import type { SendProblem } from '../wire/send-problem.ts';
import type { AuthDoors } from './auth-doors.ts';

/** A server of the routes that proxies ask and of nothing else, for a port that the outside does not reach. */
export function createAuthServer(
  doors: AuthDoors,
  sendProblem: SendProblem,
  describeFault: DescribeFault,
): HttpServer {
  return createExchangeServer({
    serve(exchange) {
      if (!doors(exchange)) sendProblem(exchange, new DomainError('not_found', { detail: absent }));
    },
    describeFault,
  });
}

const absent =
  'On this port there are only /forward-auth/{channel}, /auth-request/{channel} and /ext-authz/{channel}/*.';
