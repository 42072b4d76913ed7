import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createExchangeServer, respondOn } from '../wire/exchange-server.ts';
import type { HttpServer } from '../wire/http-server.ts';
import { unknownUpgrade } from '../wire/protocol-fault.ts';
import type { ServeGateway } from './gateway.ts';
import type { BreakOff } from './pass-on.ts';
import { describeFault } from './refusal.ts';

/** Uploads may take their time; a connection on which nothing moves may not. */
const requestTimeoutMs = 3_600_000;
const silenceMs = 300_000;
/** A WebSocket has no end that a stop could wait for. */
const upgradedMs = 1000;

/** The server of the built-in gateway. It does not listen yet. */
export function createGatewayServer(serve: ServeGateway): HttpServer {
  const upgraded = new Set<BreakOff>();
  const { server, drain, receive, refuse } = createExchangeServer({
    serve,
    describeFault,
    options: {
      requestTimeout: requestTimeoutMs,
      // Any other upgrade is offered, not demanded (RFC 9110, 7.8), and is answered as if it were not there.
      shouldUpgradeCallback: isWebSocket,
    },
  });
  server.setTimeout(silenceMs);
  // The key is looked at before a client is told to send its body.
  server.on('checkContinue', (incoming, outgoing) => receive(incoming, outgoing, serve));
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const outgoing = respondOn(incoming, socket);
    if (!isWebSocket(incoming)) {
      refuse(incoming, outgoing, unknownUpgrade);
      return;
    }
    let open: BreakOff | null = null;
    const upgrade = {
      socket,
      head,
      onOpen(breakOff: BreakOff) {
        open = breakOff;
        upgraded.add(breakOff);
        (socket as Socket).setTimeout(0);
      },
      onClosed() {
        if (open !== null) upgraded.delete(open);
      },
    };
    receive(incoming, outgoing, (exchange) => serve(exchange, upgrade));
  });
  return {
    server,
    drain() {
      drain();
      setTimeout(() => {
        for (const breakOff of upgraded) breakOff(new Error('the gateway stops'));
      }, upgradedMs).unref();
    },
  };
}

function isWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}
