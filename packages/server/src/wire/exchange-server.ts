import {
  createServer,
  type IncomingMessage,
  type ServerOptions,
  ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { beginExchange, commonHeaders, type Exchange, type Lifecycle } from './exchange.ts';
import type { HttpServer } from './http-server.ts';
import {
  type DescribeFault,
  describeParserError,
  findHostFault,
  noTunnel,
  type ProtocolFault,
  unknownExpectation,
} from './protocol-fault.ts';
import { endLingering } from './send-problem.ts';

/** Bounds for every server here: what is slow or too large does not hold a connection for ever. */
const bounds = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5_000,
  // Longer than the 60 s for which proxies keep theirs, so that it is they who close an idle connection.
  keepAliveTimeout: 65_000,
};

interface ExchangeServer extends HttpServer {
  /** Hands a request that Node tells of in another way than by `request` to `serve`, unless it is refused at once. */
  receive(incoming: IncomingMessage, outgoing: ServerResponse, serve: (exchange: Exchange) => void): void;
  refuse(incoming: IncomingMessage, outgoing: ServerResponse, fault: ProtocolFault): void;
}

interface ExchangeServerOptions {
  serve(exchange: Exchange): void;
  describeFault: DescribeFault;
  /** Besides those that all servers share. */
  options?: ServerOptions;
}

/**
 * A server that answers also what Node would answer by itself, with a bare status: each answer has its request id, is not
 * to be kept, and says what is wrong. It does not listen yet.
 */
export function createExchangeServer({
  serve,
  describeFault,
  options,
}: ExchangeServerOptions): ExchangeServer {
  const lifecycle: Lifecycle = { isDraining: false };

  const refuse: ExchangeServer['refuse'] = (incoming, outgoing, fault) => {
    const { requestId, headers, body } = describeFault(fault, incoming);
    outgoing.shouldKeepAlive = false;
    outgoing.writeHead(fault.status, {
      ...commonHeaders({ requestId }),
      ...headers,
      'Content-Length': Buffer.byteLength(body),
    });
    if (incoming.complete) outgoing.end(body);
    else endLingering(incoming, outgoing, body);
  };

  const takeTurn = createTurns();
  const receive: ExchangeServer['receive'] = (incoming, outgoing, serveOne) =>
    takeTurn(incoming, outgoing, () => {
      const fault = findHostFault(incoming);
      if (fault === null) serveOne(beginExchange(incoming, outgoing, lifecycle));
      else refuse(incoming, outgoing, fault);
    });

  // Its own look for a Host is ours, since it would answer without an id.
  const server = createServer({ ...bounds, requireHostHeader: false, ...options }, (incoming, outgoing) =>
    receive(incoming, outgoing, serve),
  );
  server.on('checkExpectation', (incoming, outgoing) => refuse(incoming, outgoing, unknownExpectation));
  server.on('connect', (incoming, socket) => refuse(incoming, respondOn(incoming, socket), noTunnel));
  server.on('clientError', (error: ParserError, socket) => refuseMalformed(error, socket, describeFault));
  return {
    server,
    drain() {
      lifecycle.isDraining = true;
    },
    receive,
    refuse,
  };
}

/** So many requests may wait on a connection; one with more is closed. */
const mostWaiting = 100;

/**
 * Has a request that came before the one before it was answered wait for that answer to be taken. Node would have all of
 * them served at once: for a client that takes no answer, a packet of requests would be thousands of answers in memory.
 */
function createTurns() {
  const waiting = new WeakMap<Socket, number>();
  return ({ socket }: IncomingMessage, outgoing: ServerResponse, serve: () => void): void => {
    // Node gives a response its connection when the one before it is done.
    if (outgoing.socket !== null) {
      serve();
      return;
    }
    const before = waiting.get(socket) ?? 0;
    if (before === mostWaiting) {
      socket.destroy();
      return;
    }
    waiting.set(socket, before + 1);
    outgoing.once('socket', () => {
      waiting.set(socket, (waiting.get(socket) ?? 1) - 1);
      serve();
    });
  };
}

/** A response on a connection that Node's server has handed over, and looks after no longer: it is the last one on it. */
export function respondOn(incoming: IncomingMessage, socket: Duplex): ServerResponse {
  socket.on('error', () => socket.destroy());
  const outgoing = new ServerResponse(incoming);
  outgoing.shouldKeepAlive = false;
  outgoing.assignSocket(socket as Socket);
  outgoing.once('finish', () => socket.end());
  return outgoing;
}

interface ParserError extends NodeJS.ErrnoException {
  /** What came last, and could not be read. */
  rawPacket?: Buffer;
}

/** Answers by hand: Node has no response for what its parser could not read. */
function refuseMalformed(
  error: ParserError,
  socket: Duplex & { _httpMessage?: ServerResponse | null },
  describeFault: DescribeFault,
): void {
  const response = socket._httpMessage;
  // In the middle of a response these bytes would become part of it.
  if (!socket.writable || response?.headersSent) {
    socket.destroy();
    return;
  }
  // The fault is behind a request that was read as a whole: these bytes would be taken for the answer to that one.
  if (response?.req.complete) {
    response.shouldKeepAlive = false;
    return;
  }
  const fault = describeParserError(error.code);
  const { requestId, headers, body } = describeFault(fault, response?.req ?? null);
  const method = response?.req.method ?? error.rawPacket?.toString('latin1', 0, 5).trimEnd();
  const lines = Object.entries({
    ...commonHeaders({ requestId }),
    ...headers,
    Connection: 'close',
    'Content-Length': Buffer.byteLength(body),
  }).map(([name, value]) => `${name}: ${value}`);
  const statusLine = `HTTP/1.1 ${fault.status} ${STATUS_CODES[fault.status]}`;
  socket.end(`${[statusLine, ...lines].join('\r\n')}\r\n\r\n${method === 'HEAD' ? '' : body}`, () =>
    socket.destroy(),
  );
}
