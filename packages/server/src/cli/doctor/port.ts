import { createServer, isIPv6 } from 'node:net';
import type { Config } from '../../config.ts';
import { type Check, failed, ok } from './check.ts';

/** Whether the server could listen where it is told to, or already does: on its port, and on those of its gateways. */
export function checkPorts(config: Config): Promise<Check[]> {
  const { host, port, authPort, authHost, gatewayPort, gatewayHost } = config;
  const places: Place[] = [{ name: 'port', host, port, hostSetting: 'HOST', portSetting: 'PORT' }];
  if (authPort !== null)
    places.push({
      name: 'auth port',
      host: authHost ?? host,
      port: authPort,
      hostSetting: authHost === null ? 'HOST' : 'AUTH_HOST',
      portSetting: 'AUTH_PORT',
    });
  if (gatewayPort !== null)
    places.push({
      name: 'gateway port',
      host: gatewayHost ?? host,
      port: gatewayPort,
      hostSetting: gatewayHost === null ? 'HOST' : 'GATEWAY_HOST',
      portSetting: 'GATEWAY_PORT',
    });
  return Promise.all(places.map(checkPort));
}

interface Place extends Pick<Config, 'host' | 'port'> {
  name: 'port' | 'auth port' | 'gateway port';
  /** What to change, without KEYWRIGHT_. */
  hostSetting: string;
  portSetting: string;
}

export async function checkPort(place: Place): Promise<Check> {
  const { name, host, port, hostSetting, portSetting } = place;
  const address = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  if (port === 0) return ok(name, 'a free one is taken at the start.');
  const code = await tryToListen(host, port);
  if (code === null) return ok(name, `${address} is free.`);
  if (code === 'EADDRINUSE' && (await answersAsKeywright(place))) {
    return ok(name, `a Keywright answers on ${address}.`);
  }
  const remedy = remedies[code] ?? 'Set another HOST or PORT.';
  const named = remedy
    .replace('HOST', `KEYWRIGHT_${hostSetting}`)
    .replace('PORT', `KEYWRIGHT_${portSetting}`);
  return failed(name, `${address} cannot be listened on (${code}).`, named);
}

/** With HOST and PORT for the settings. */
const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another program listens there: stop it, or set another PORT.',
  EACCES: 'Ports below 1024 are reserved: set a higher PORT, or allow the user to listen there.',
  EADDRNOTAVAIL: 'HOST is no address of this machine: set one that is, or 0.0.0.0 for every one.',
  ENOTFOUND: 'HOST is a name that nobody knows: set an address of this machine.',
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

async function answersAsKeywright({ name, host, port }: Place): Promise<boolean> {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  try {
    const url = `http://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}/healthz`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
    await answer.body?.cancel();
    // Others answer /healthz too; this header is on every answer of Keywright. Only the main port has that page.
    const status = name === 'port' ? 200 : 404;
    return answer.status === status && answer.headers.has('x-request-id');
  } catch {
    return false;
  }
}
