import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorTable } from '@keywright/contract';
import type { Logger } from 'pino';
import type { DomainError } from '../domain/error.ts';
import { commonHeaders, type Exchange, settleConnection } from './exchange.ts';
import { buildProblem, toDomainError } from './problem.ts';
import { createThrottle } from './throttle.ts';

/** Answers with an error, whichever way the request came in. */
export type SendProblem = (exchange: Exchange, thrown: unknown) => void;

/** Makes the one place that turns errors into responses. */
export function createProblemSender({
  logger,
  publicUrl,
}: {
  logger: Logger;
  /** Where the server is reached from outside, without a trailing slash. */
  publicUrl(): string;
}): SendProblem {
  const logFailure = createFailureLog(logger);
  return (exchange, thrown) => {
    const { incoming, outgoing, path, requestId } = exchange;
    const error = toDomainError(thrown);
    if (errorTable[error.code].status >= 500) logFailure(error, exchange);
    // Part of another answer is out: breaking off is the only way left to say that it is not whole.
    if (outgoing.headersSent) {
      outgoing.destroy();
      return;
    }
    const { status, headers, body } = buildProblem(error, {
      publicUrl: publicUrl(),
      instance: path,
      requestId,
    });
    const isBodyUnread = error.code === 'payload_too_large';
    settleConnection(exchange);
    if (isBodyUnread) outgoing.shouldKeepAlive = false;
    outgoing.writeHead(status, {
      ...commonHeaders(exchange),
      ...headers,
      'Content-Length': Buffer.byteLength(body),
    });
    if (isBodyUnread) endLingering(incoming, outgoing, body);
    else outgoing.end(body);
  };
}

const lingerMs = 1000;
const lingerBytes = 16 * 1024 * 1024;

/**
 * Sends the whole answer at once, and closes the connection a moment later. A connection that is closed while the
 * client still sends is reset, and the client would see the reset instead of the answer.
 */
export function endLingering(incoming: IncomingMessage, outgoing: ServerResponse, body: string): void {
  let rest = lingerBytes;
  const end = () => {
    clearTimeout(timer);
    outgoing.end();
  };
  const timer = setTimeout(end, lingerMs);
  incoming.once('close', end);
  incoming.once('end', end);
  incoming.on('data', (chunk: Buffer) => {
    rest -= chunk.length;
    if (rest < 0) end();
  });
  outgoing.write(body);
}

/** Faults of our own with their cause; of an outage, which makes as many as there are requests, one a second. */
function createFailureLog(logger: Logger): (error: DomainError, exchange: Exchange) => void {
  const takeTurn = createThrottle();
  return (error, { requestId, route, startedAt }) => {
    const { code } = error;
    const silenced = code === 'unavailable' ? takeTurn() : 0;
    if (silenced === null) return;
    const ms = Math.round(performance.now() - startedAt);
    logger.error(
      { err: error.cause ?? error, code, requestId, route, ms, ...(silenced > 0 && { silenced }) },
      'request failed',
    );
  };
}
