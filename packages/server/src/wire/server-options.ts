import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { newRequestId } from './request-id.ts';

/** Bounds for every server here: what is slow or too large does not hold a connection for ever. */
export const serverOptions = {
  requireHostHeader: true,
  maxHeaderSize: 16 * 1024,
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5_000,
  // Longer than the 60 s for which proxies keep theirs, so that it is they who close an idle connection.
  keepAliveTimeout: 65_000,
};

const statusOfParserError: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** What is no HTTP gets no more than a status line: there is no request that an answer could be for. */
export function refuseMalformed(
  error: NodeJS.ErrnoException,
  socket: Duplex & { _httpMessage?: ServerResponse },
): void {
  // In the middle of a response these bytes would become part of it.
  if (!socket.writable || socket._httpMessage?.headersSent) {
    socket.destroy();
    return;
  }
  const status = statusOfParserError[error.code ?? ''] ?? '400 Bad Request';
  const head = [
    `HTTP/1.1 ${status}`,
    `X-Request-Id: ${newRequestId()}`,
    'Cache-Control: no-store',
    'Connection: close',
    'Content-Length: 0',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n`, () => socket.destroy());
}
