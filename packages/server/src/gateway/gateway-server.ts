import { createServer, type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { beginExchange, type Lifecycle } from '../wire/exchange.ts';
import type { HttpServer } from '../wire/http-server.ts';
import { refuseMalformed, serverOptions } from '../wire/server-options.ts';
import type { ServeGateway } from './gateway.ts';
import type { BreakOff } from './pass-on.ts';

/** Uploads may take their time; a connection on which nothing moves may not. */
const requestTimeoutMs = 3_600_000;
const silenceMs = 300_000;
/** A WebSocket has no end that a stop could wait for. */
const upgradedMs = 1000;

/** The server of the built-in gateway. It does not listen yet. */
export function createGatewayServer(serve: ServeGateway): HttpServer {
  const lifecycle: Lifecycle = { isDraining: false };
  const upgraded = new Set<BreakOff>();
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse) =>
    serve(beginExchange(incoming, outgoing, lifecycle));
  const server = createServer(
    {
      ...serverOptions,
      requestTimeout: requestTimeoutMs,
      // Any other upgrade is offered, not demanded (RFC 9110, 7.8), and is answered as if it were not there.
      shouldUpgradeCallback: isWebSocket,
    },
    onRequest,
  );
  server.setTimeout(silenceMs);
  // The key is looked at before a client is told to send its body.
  server.on('checkContinue', onRequest);
  server.on('clientError', refuseMalformed);
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node's server looks after this connection no longer.
    socket.on('error', () => socket.destroy());
    const outgoing = respondOn(incoming, socket);
    if (!isWebSocket(incoming)) {
      outgoing.writeHead(501, { 'Content-Length': '0' }).end(() => socket.end());
      return;
    }
    let open: BreakOff | null = null;
    serve(beginExchange(incoming, outgoing, lifecycle), {
      socket,
      head,
      onOpen(breakOff) {
        open = breakOff;
        upgraded.add(breakOff);
        (socket as Socket).setTimeout(0);
      },
      onClosed() {
        if (open !== null) upgraded.delete(open);
      },
    });
  });
  return {
    server,
    drain() {
      lifecycle.isDraining = true;
      setTimeout(() => {
        for (const breakOff of upgraded) breakOff(new Error('the gateway stops'));
      }, upgradedMs).unref();
    },
  };
}

function isWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

/** A response on a connection that Node's server has handed over: it is the last one on it. */
function respondOn(incoming: IncomingMessage, socket: Duplex): ServerResponse {
  const outgoing = new ServerResponse(incoming);
  outgoing.shouldKeepAlive = false;
  outgoing.assignSocket(socket as Socket);
  outgoing.once('finish', () => socket.end());
  return outgoing;
}
