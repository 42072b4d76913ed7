import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'vitest';

/** A response as it came over the wire. */
interface RawResponse {
  status: number;
  /** By their names in lower case. */
  headers: Map<string, string>;
  body: string;
}

export interface RawExchange {
  /** More than one where the server took what was sent for several requests. */
  responses: RawResponse[];
  /** Whether the server closed the connection. */
  isClosed: boolean;
}

const idleMs = 300;

/**
 * Sends bytes over a connection of its own, and answers what comes back until the server closes it or, once a response
 * is there, says no more.
 * @param longestMs how long to wait for the first sign of an answer
 */
export async function sendRaw(
  url: string,
  bytes: string | Uint8Array,
  longestMs = 8000,
): Promise<RawExchange> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const received: Buffer[] = [];
  // A server that refuses before it has read everything may reset the connection.
  socket.on('error', () => {});
  const closed = new Promise<boolean>((resolve) => socket.once('close', () => resolve(true)));
  const silence = new Promise<boolean>((resolve) => {
    let timer = setTimeout(() => resolve(false), longestMs);
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk);
      clearTimeout(timer);
      timer = setTimeout(() => resolve(false), idleMs);
    });
    socket.once('close', () => clearTimeout(timer));
  });
  await once(socket, 'connect');
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  const isClosed = await Promise.race([closed, silence]);
  socket.destroy();
  return { responses: parseResponses(Buffer.concat(received).toString('utf8')), isClosed };
}

/** The lines of a request's head, and the empty one after them. */
export function head(...lines: string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** The problem that a response is, which has all that every response has. */
export function readRawProblem(response: RawResponse | undefined): Record<string, unknown> {
  const { status, headers, body } = response ?? { status: 0, headers: new Map<string, string>(), body: '' };
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(Number(headers.get('content-length'))).toBe(Buffer.byteLength(body));
  const problem = JSON.parse(body) as Record<string, unknown>;
  const requestId = headers.get('x-request-id');
  expect(requestId).toMatch(/^[\w.-]+$/);
  const code = expect.stringMatching(/^[a-z_]+$/);
  expect(problem).toMatchObject({ status, code, requestId, detail: expect.stringMatching(/\.$/) });
  return problem;
}

function parseResponses(text: string): RawResponse[] {
  const responses: RawResponse[] = [];
  for (let rest = text; rest.startsWith('HTTP/1.1 '); ) {
    const end = rest.indexOf('\r\n\r\n');
    const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n');
    const headers = new Map(
      lines.map((line): [string, string] => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const after = rest.slice(end + 4);
    const next = after.search(/HTTP\/1\.1 \d{3} /);
    const body = next < 0 ? after : after.slice(0, next);
    responses.push({ status: Number(statusLine.split(' ')[1]), headers, body });
    rest = after.slice(body.length);
  }
  return responses;
}
