import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import { returnHeaders } from './forwarded-headers.ts';
import type { BreakOff, Passing } from './pass-on.ts';

interface PassingUpgrade extends Passing {
  /** The client's connection. */
  socket: Duplex;
  /** What of it came behind the request's head. */
  head: Buffer;
  onUpgraded(): void;
  onClosed(): void;
}

/**
 * Sends a request for a WebSocket on. When the upstream agrees, the two connections are joined; its refusal is passed
 * back as a response.
 */
export function passOnUpgrade(passing: PassingUpgrade): BreakOff {
  const { incoming, outgoing, socket, head, pool } = passing;
  let controller: Dispatcher.DispatchController | null = null;
  let other: Duplex | null = null;
  let isOver = false;

  const breakOff = (reason = new Error('the other side ended')) => {
    if (isOver) return;
    isOver = true;
    if (other === null) controller?.abort(reason);
    other?.destroy();
    socket.destroy();
    passing.onClosed();
  };
  socket.once('close', () => breakOff(new Error('the client went away')));

  pool.dispatch(
    {
      path: passing.path,
      method: incoming.method ?? 'GET',
      headers: passing.headers,
      upgrade: 'websocket',
    },
    {
      onRequestStart(started) {
        controller = started;
        if (isOver) started.abort(new Error('the client went away'));
      },
      onRequestUpgrade(started, status, _headers, upstream) {
        if (isOver) {
          upstream.destroy();
          return;
        }
        other = upstream;
        writeHead(passing, status, (started.rawHeaders ?? []) as Buffer[]);
        passing.onUpgraded();
        upstream.on('error', breakOff);
        upstream.once('close', () => breakOff(new Error('the upstream closed')));
        if (head.length > 0) upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
        for (const side of [upstream, socket])
          side.once('end', () => setTimeout(breakOff, farewellMs).unref());
      },
      onResponseStart(started, status, _headers, message) {
        if (status < 200) return;
        const raw = (started.rawHeaders ?? []) as Buffer[];
        outgoing.writeHead(status, message ?? '', returnHeaders(raw, passing.ownHeaders));
      },
      onResponseData: (_, chunk) => void outgoing.write(chunk),
      onResponseEnd: () => void outgoing.end(),
      onResponseError(_, error) {
        if (isOver || other !== null) return;
        if (outgoing.headersSent) breakOff(error);
        else passing.onFailure(error);
      },
    },
  );
  return breakOff;
}

/** Neither side of a WebSocket has anything to say that the other does not hear (RFC 6455, 7.1.1). */
const farewellMs = 1000;

/** The response that a connection is upgraded with is written by hand: no `ServerResponse` leads to an open connection. */
function writeHead(
  { socket, ownHeaders }: PassingUpgrade,
  status: number,
  rawHeaders: readonly Buffer[],
): void {
  const lines = ['Connection: Upgrade', 'Upgrade: websocket'];
  const headers = returnHeaders(rawHeaders, ownHeaders);
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  socket.write(`HTTP/1.1 ${status} Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
