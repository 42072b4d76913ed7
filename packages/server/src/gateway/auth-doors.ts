import type { IncomingMessage } from 'node:http';
import { DomainError } from '../domain/error.ts';
import { commonHeaders, type Exchange, settleConnection } from '../wire/exchange.ts';
import type { Metrics } from '../wire/metrics.ts';
import { newRequestId } from '../wire/request-id.ts';
import type { SendProblem } from '../wire/send-problem.ts';
import type { Admission, Admit, Denial, GatewayRequest, Passage } from './admission.ts';
import { describeDenial } from './denial.ts';
import { type Dialect, dialects } from './dialects.ts';
import { identityHeaders } from './identity-headers.ts';
import { isPreflight } from './preflight.ts';

interface AuthDoorsDependencies {
  admit: Admit;
  /** Whether this program may ask; false is answered with 403. */
  mayAsk(incoming: IncomingMessage): boolean;
  /** The address nearest to us, in a list that each proxy on the way has added to, that is no trusted proxy's. */
  clientOf(hops: string): string | null;
  sendProblem: SendProblem;
  metrics: Pick<Metrics, 'countVerification' | 'observeRequest'>;
}

/** Serves an exchange, if its path is one of these. */
export type AuthDoors = (exchange: Exchange) => boolean;

/** `/auth-request/orders`, and behind the third kind the path of the original request. */
const pattern = /^\/(forward-auth|auth-request|ext-authz)\/([A-Za-z0-9_-]{2,60})(\/.*)?$/;

/**
 * The routes that proxies ask: may this request pass? They are on the way of each request to the API behind, so that they
 * go without a framework, as `POST /v1/verify` does. The body is never read.
 */
export function createAuthDoors(dependencies: AuthDoorsDependencies): AuthDoors {
  const { admit, mayAsk, clientOf, sendProblem, metrics } = dependencies;
  return (exchange) => {
    const [, name, channel, rest] = pattern.exec(exchange.path) ?? [];
    const dialect = dialects.get(name ?? '');
    if (dialect === undefined || channel === undefined) return false;
    if (rest !== undefined && !dialect.takesPath) return false;
    exchange.route = dialect.route;
    // What a client sent as its request id came through the proxy: only one of our own leads to this request alone.
    exchange.requestId = newRequestId();
    try {
      if (!mayAsk(exchange.incoming)) throw notAllowed();
      const request = readRequest(exchange, { dialect, channel, rest: rest ?? '/' });
      const admission = admit(request);
      if (admission instanceof Promise) {
        admission.then((found) => answer(exchange, dialect, found)).catch((error) => fail(exchange, error));
      } else answer(exchange, dialect, admission);
    } catch (error) {
      fail(exchange, error);
    }
    return true;
  };

  function readRequest(
    { incoming, search, requestId }: Exchange,
    { dialect, channel, rest }: { dialect: Dialect; channel: string; rest: string },
  ): GatewayRequest {
    const { method, path, search: query, hops } = dialect.read(incoming, { path: rest, search });
    const { headers, rawHeaders } = incoming;
    return {
      channel,
      door: dialect.door,
      requestId,
      method,
      path,
      search: query,
      rawHeaders,
      isPreflight: isPreflight(method, headers),
      ip: hops === null ? null : clientOf(hops),
      userAgent: headers['user-agent']?.slice(0, longestAgent) ?? null,
    };
  }

  function answer(exchange: Exchange, dialect: Dialect, admission: Admission): void {
    if (admission.outcome === 'no_channel')
      throw new DomainError('not_found', { detail: 'There is no such channel.' });
    if (admission.outcome === 'passed') allow(exchange, admission);
    else deny(exchange, dialect, admission);
    count(admission);
    observe(exchange);
  }

  /** A preflight that passes without a key, and a path that is none, were not verified. */
  function count(admission: Passage | Denial): void {
    if (admission.outcome === 'passed') {
      if (admission.key !== null) metrics.countVerification('valid');
    } else if (admission.reason !== 'bad_request') metrics.countVerification(admission.reason);
  }

  function allow(exchange: Exchange, { key, channel, headers }: Passage): void {
    settleConnection(exchange);
    exchange.outgoing.writeHead(200, {
      ...commonHeaders(exchange),
      ...identityHeaders(key, channel),
      ...headers,
      'Content-Length': '0',
    });
    exchange.outgoing.end();
  }

  function deny(exchange: Exchange, dialect: Dialect, denial: Denial): void {
    const { headers, body } = describeDenial(denial, exchange);
    const { status } = dialect.passesOn(denial.status) ? denial : { status: 403 };
    settleConnection(exchange);
    exchange.outgoing.writeHead(status, {
      ...commonHeaders(exchange),
      ...headers,
      ...(status !== denial.status && { 'X-Keywright-Status': String(denial.status) }),
      'Content-Length': String(Buffer.byteLength(body)),
    });
    exchange.outgoing.end(body);
  }

  function fail(exchange: Exchange, error: unknown): void {
    sendProblem(exchange, error);
    observe(exchange);
  }

  function observe({ outgoing, incoming, route, startedAt }: Exchange): void {
    metrics.observeRequest({
      method: incoming.method ?? '',
      route: route ?? '',
      status: outgoing.statusCode,
      durationMs: performance.now() - startedAt,
    });
  }
}

/** As the verification API takes it. */
const longestAgent = 2000;

function notAllowed(): DomainError {
  return new DomainError('forbidden', {
    detail:
      'This address may not ask whether requests may pass. KEYWRIGHT_AUTH_CALLERS says which addresses may, and KEYWRIGHT_AUTH_TOKEN is what they send as X-Keywright-Token.',
  });
}
