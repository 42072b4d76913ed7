import { endpoints, verifyBody } from '@keywright/contract';
import { z } from 'zod';
import { type Caller, requireVerify, type ServiceKeyCaller } from '../../../domain/caller.ts';
import { writeAnswer } from '../../../verification/answer.ts';
import type { Verdict } from '../../../verification/verify.ts';
import { type Exchange, settleConnection } from '../../../wire/exchange.ts';
import type { SendProblem } from '../../../wire/send-problem.ts';
import { readAuthorization } from '../../authorization.ts';
import { receiveBody } from '../../body.ts';
import type { HttpDependencies } from '../../dependencies.ts';
import { parseJsonBody } from '../../json-body.ts';
import { validateQuery } from '../../query.ts';
import { validate } from '../../validate.ts';

/** Compiled, it takes 0.02 µs for what takes the schema itself 0.7; what it refuses, it refuses in the same words. */
const requestSchema = z.compile(verifyBody);

/** Milliseconds; a body that comes with its head takes less than one. */
const heldBackMs = 1000;

/**
 * Serves `POST /v1/verify`, which is asked once for each request that the provider's API gets. A verification that
 * finds its records in memory runs from the last byte of the body to the answer without a promise, a stream or a
 * framework in between; each of them would cost more than the verification. What differs from the other routes is
 * only that: credentials, bodies, errors and request ids follow the same rules.
 */
export function createVerifyHandler(
  { authenticate, verifier, metrics }: HttpDependencies,
  sendProblem: SendProblem,
): (exchange: Exchange) => void {
  return begin;

  function begin(exchange: Exchange): void {
    exchange.route = endpoints.verify.path;
    try {
      const caller = authenticate(readAuthorization(exchange.incoming));
      if (caller instanceof Promise) {
        caller.then((found) => receive(exchange, found)).catch((error) => fail(exchange, error));
      } else receive(exchange, caller);
    } catch (error) {
      fail(exchange, error);
    }
  }

  function receive(exchange: Exchange, caller: Caller): void {
    requireVerify(caller);
    if (exchange.search !== '') validateQuery(undefined, exchange.search);
    receiveBody(exchange.incoming, {
      receive: (body) => take(exchange, caller, body),
      fail: (error) => fail(exchange, error),
    });
  }

  /** Who asks is asked once, unless the body was held back for so long that the service key may be dead by now. */
  function take(exchange: Exchange, caller: ServiceKeyCaller, body: Buffer): void {
    if (performance.now() - exchange.startedAt < heldBackMs) {
      decide(exchange, caller, body);
      return;
    }
    Promise.resolve(readAuthorization(exchange.incoming))
      .then(authenticate)
      .then((found) => {
        requireVerify(found);
        decide(exchange, found, body);
      })
      .catch((error) => fail(exchange, error));
  }

  function decide(exchange: Exchange, caller: ServiceKeyCaller, body: Buffer): void {
    try {
      const { headers } = exchange.incoming;
      const request = validate(requestSchema, parseJsonBody({ headers, body, optional: false }), 'body');
      const verdict = verifier.verify(request, caller, { requestId: exchange.requestId, door: 'verify' });
      if (verdict instanceof Promise) {
        verdict.then((found) => answer(exchange, found)).catch((error) => fail(exchange, error));
      } else answer(exchange, verdict);
    } catch (error) {
      fail(exchange, error);
    }
  }

  function answer(exchange: Exchange, verdict: Verdict): void {
    const { outgoing, requestId } = exchange;
    const text = writeAnswer(verdict, requestId);
    settleConnection(exchange);
    // A flat array is written as it is; an object would be taken apart and checked for what is known to be right.
    outgoing.writeHead(200, [
      'Content-Type',
      'application/json',
      'Content-Length',
      String(Buffer.byteLength(text)),
      'X-Request-Id',
      requestId,
      'Cache-Control',
      'no-store',
      'X-Content-Type-Options',
      'nosniff',
    ]);
    outgoing.end(text);
    metrics.countVerification(verdict.code);
    observe(exchange);
  }

  function fail(exchange: Exchange, error: unknown): void {
    sendProblem(exchange, error);
    observe(exchange);
  }

  function observe({ outgoing, startedAt }: Exchange): void {
    metrics.observeRequest({
      method: endpoints.verify.method,
      route: endpoints.verify.path,
      status: outgoing.statusCode,
      durationMs: performance.now() - startedAt,
    });
  }
}
