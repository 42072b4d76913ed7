import { createServer, isIPv6 } from 'node:net';
import type { Config } from '../../config.ts';
import { type Check, failed, ok } from './check.ts';

/** Whether the server could listen where it is told to, or already does. */
export async function checkPort({ host, port }: Pick<Config, 'host' | 'port'>): Promise<Check> {
  const place = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  if (port === 0) return ok('port', 'a free one is taken at the start.');
  const code = await tryToListen(host, port);
  if (code === null) return ok('port', `${place} is free.`);
  if (code === 'EADDRINUSE' && (await answersAsKeywright(host, port))) {
    return ok('port', `a Keywright answers on ${place}.`);
  }
  const remedy = remedies[code] ?? 'Set another KEYWRIGHT_HOST or KEYWRIGHT_PORT.';
  return failed('port', `${place} cannot be listened on (${code}).`, remedy);
}

const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another program listens there: stop it, or set another KEYWRIGHT_PORT.',
  EACCES: 'Ports below 1024 are reserved: set a higher KEYWRIGHT_PORT, or allow the user to listen there.',
  EADDRNOTAVAIL: 'KEYWRIGHT_HOST is no address of this machine: set one that is, or 0.0.0.0 for every one.',
  ENOTFOUND: 'KEYWRIGHT_HOST is a name that nobody knows: set an address of this machine.',
};

/** @returns null when it went well, else the code of the error */
function tryToListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

const timeoutMs = 2000;

async function answersAsKeywright(host: string, port: number): Promise<boolean> {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  try {
    const url = `http://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}/healthz`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
    await answer.body?.cancel();
    // Others answer /healthz too; this header is on every answer of Keywright.
    return answer.status === 200 && answer.headers.has('x-request-id');
  } catch {
    return false;
  }
}
