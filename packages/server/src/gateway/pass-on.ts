import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher, Pool } from 'undici';
import { returnHeaders } from './forwarded-headers.ts';
import { neverConnected } from './upstream-failure.ts';

/** A request that may pass, and where it goes. */
export interface Passing {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  pool: Pool;
  /** Path and query for the upstream. */
  path: string;
  /** Names and values in turn. */
  headers: string[];
  /** The gateway's own headers of the response. */
  ownHeaders: Record<string, string>;
  /** Called before the head of the response is written. */
  settle(): void;
  /** Nothing was answered yet, and nothing will come from the upstream. */
  onFailure(error: unknown): void;
}

/** What ends a request that is under way: both connections are given up. */
export type BreakOff = (reason: Error) => void;

const retryDelaysMs = [50, 250];
/** What is larger is not worth copying. */
const smallBytes = 8192;

/**
 * Sends a request on and its response back, both as streams. A connection that could not be made is tried again; once
 * there was one, nothing is sent twice. What breaks off on one side is broken off on the other.
 */
export function passOn(passing: Passing): BreakOff {
  const { incoming, outgoing, pool, onFailure } = passing;
  let controller: Dispatcher.DispatchController | null = null;
  let isOver = false;
  let attempts = 0;

  const breakOff: BreakOff = (reason) => {
    if (isOver) return;
    isOver = true;
    controller?.abort(reason);
    outgoing.destroy();
  };
  outgoing.once('close', () => {
    if (isOver || outgoing.writableFinished) return;
    isOver = true;
    controller?.abort(new Error('the client went away'));
  });

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      if (isOver) started.abort(new Error('the client went away'));
    },
    onResponseStart(started, status, _headers, message) {
      // Provisional responses are the upstream's to us; the client did not ask for any.
      if (status < 200) return;
      const raw = (started.rawHeaders ?? []) as Buffer[];
      passing.settle();
      const headers = returnHeaders(raw, passing.ownHeaders);
      outgoing.writeHead(status, message ?? '', headers);
      // A stream of events may have a head long before its first part; what has a length comes soon.
      if (!hasLength(headers)) {
        setImmediate(() => {
          if (!isOver && !isFlowing) outgoing.flushHeaders();
        });
      }
      outgoing.on('drain', () => started.resume());
    },
    onResponseData(started, chunk) {
      // Most bodies come whole with their head, and go on with it in one piece: see `onResponseEnd`.
      if (!isFlowing && chunk.length <= smallBytes) {
        isFlowing = true;
        small = chunk;
        setImmediate(sendSmall);
        return;
      }
      isFlowing = true;
      sendSmall();
      if (!outgoing.write(chunk)) started.pause();
    },
    onResponseEnd() {
      isOver = true;
      const body = small;
      small = null;
      // As text of one byte a character it is written together with the head, without a second buffer.
      if (body === null) outgoing.end();
      else outgoing.end(body.toString('latin1'), 'latin1');
    },
    onResponseError(_, error) {
      if (isOver) return;
      if (controller === null && neverConnected(error) && attempts < retryDelaysMs.length) {
        setTimeout(send, retryDelaysMs[attempts++]);
        return;
      }
      isOver = true;
      small = null;
      if (outgoing.headersSent) outgoing.destroy();
      else onFailure(error);
    },
  };
  let isFlowing = false;
  /** The first part of the body, as long as it may be all of it. */
  let small: Buffer | null = null;
  send();
  return breakOff;

  function sendSmall(): void {
    if (small === null || outgoing.destroyed) return;
    const chunk = small;
    small = null;
    if (!outgoing.write(chunk)) controller?.pause();
  }

  function send(): void {
    if (isOver) return;
    try {
      pool.dispatch(
        {
          path: passing.path,
          method: incoming.method ?? 'GET',
          headers: passing.headers,
          body: hasRequestBody(incoming) ? incoming : null,
        },
        handler,
      );
    } catch (error) {
      isOver = true;
      onFailure(error);
    }
  }
}

function hasLength(headers: readonly string[]): boolean {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i];
    if (name?.length === 14 && name.toLowerCase() === 'content-length') return true;
  }
  return false;
}

/** Without one of these a request has no body (RFC 9112, 6.3). */
export function hasRequestBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
