import { type Agent, request } from 'node:http';
import type { Received } from './upstream.ts';

export interface Answer {
  status: number;
  /** As they came, by name in lower case; several values of one name are joined. */
  headers: Map<string, string>;
  text: string;
  /** The local port of the connection. */
  port: number | undefined;
}

interface SendOptions {
  method?: string;
  /** Pairs, so that a name can come twice. */
  headers?: readonly (readonly [string, string])[];
  body?: Uint8Array;
  /** Where the connection comes from. */
  from?: string;
  agent?: Agent;
  timeoutMs?: number;
}

/** Sends a request with its target and headers exactly as they are given. */
export function send(url: string, path: string, options: SendOptions = {}): Promise<Answer> {
  const { method = 'GET', headers = [], body, from, agent, timeoutMs = 20_000 } = options;
  const { hostname, port, host } = new URL(url);
  const rawHeaders = ['Host', host, ...headers.flat()];
  if (body !== undefined) rawHeaders.push('Content-Length', String(body.length));
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: hostname,
        port,
        path,
        method,
        headers: rawHeaders,
        agent: agent ?? false,
        ...(from !== undefined && { localAddress: from }),
        signal: AbortSignal.timeout(timeoutMs),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        const local = incoming.socket.localPort;
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: collect(incoming.rawHeaders),
            text: Buffer.concat(chunks).toString('utf8'),
            port: local,
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function collect(rawHeaders: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    const value = rawHeaders[i + 1] ?? '';
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}

/** All values that an API got under a name, in whatever case. */
export function valuesOf(received: Received | undefined, name: string): string[] {
  const rawHeaders = received?.rawHeaders ?? [];
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name.toLowerCase());
}

/** In lower case. */
export function namesOf(received: Received | undefined): string[] {
  return (received?.rawHeaders ?? []).filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
}
