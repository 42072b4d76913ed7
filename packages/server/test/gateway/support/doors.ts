import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { afterAll } from 'vitest';
import type { RunningService } from '../../support/running-service.ts';

/** The three routes that proxies ask, by the first part of their path, with their names in refusals. */
export const doors = {
  'forward-auth': 'forward_auth',
  'auth-request': 'auth_request',
  'ext-authz': 'ext_authz',
} as const;
export type Door = keyof typeof doors;
export const doorNames = Object.keys(doors) as Door[];

type Headers = readonly (readonly [name: string, value: string])[];

/** A request that is to pass, as it reached the proxy. */
export interface Original {
  method?: string;
  /** Path and query. */
  target?: string;
  /** From where it came, as the proxy says. */
  ip?: string;
  /** What the client sent, and the proxy passed on. */
  headers?: Headers;
}

export interface DoorAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** Of a denial. */
  problem: Record<string, unknown>;
}

/** The lines of a request to a door, as its proxy sends it: those that the proxy sets stand first. */
export function asked(door: Door, channel: string, original: Original = {}) {
  const { method = 'GET', target = '/', ip, headers = [] } = original;
  const from = (name: string): Headers => (ip === undefined ? [] : [[name, ip]]);
  switch (door) {
    case 'forward-auth': {
      const told = [['X-Forwarded-Method', method], ['X-Forwarded-Uri', target], ...from('X-Forwarded-For')];
      return { method: 'GET', path: `/forward-auth/${channel}`, headers: [...told, ...headers] as Headers };
    }
    case 'auth-request': {
      const told = [['X-Original-Method', method], ['X-Original-URI', target], ...from('X-Real-IP')];
      return { method: 'GET', path: `/auth-request/${channel}`, headers: [...told, ...headers] as Headers };
    }
    case 'ext-authz':
      return {
        method,
        path: `/ext-authz/${channel}${target}`,
        headers: [...from('X-Forwarded-For'), ...headers],
      };
  }
}

const agent = new Agent({ keepAlive: true });
afterAll(() => agent.destroy());

export interface Asking {
  method: string;
  path: string;
  headers: Headers;
  localAddress?: string;
}

/** Sends a request as it is told, with headers as often as they are told. */
export function send(url: string, { method, path, headers, localAddress }: Asking): Promise<DoorAnswer> {
  const { hostname, port } = new URL(url);
  const all = ['Host', 'keywright.internal', ...headers.flat()];
  return new Promise((resolve, reject) => {
    const options = { hostname, port, method, path, headers: all as unknown as readonly string[], agent };
    const asking = request({ ...options, ...(localAddress && { localAddress }) }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('error', reject);
      response.on('end', () => {
        const isProblem = response.headers['content-type'] === 'application/problem+json' && text !== '';
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          problem: isProblem ? JSON.parse(text) : {},
        });
      });
    });
    asking.on('error', reject);
    asking.end();
  });
}

/** Asks a door whether a request may pass. */
export function ask(url: string, door: Door, channel: string, original: Original = {}): Promise<DoorAnswer> {
  return send(url, asked(door, channel, original));
}

/** What a client sends to be let in with a token. */
export function withKey(key: string): Headers {
  return [['X-API-Key', key]];
}

/** The address of the port for proxies alone. */
export function authUrlOf({ authUrl }: RunningService): string {
  if (authUrl === null) throw new Error('the service has no port for proxies alone');
  return authUrl;
}

/** What a door answers with 429: nginx cannot pass it on. */
export function statusFor(door: Door, status: number): number {
  return door === 'auth-request' && ![401, 403].includes(status) ? 403 : status;
}
