import type { IncomingMessage } from 'node:http';
import type { VerifyDoor } from '@keywright/contract';
import { DomainError } from '../domain/error.ts';
import { readTarget, type Target } from '../wire/request-target.ts';

/** The request that is to pass, as a proxy tells of it. */
interface Original extends Target {
  method: string;
  /** Through whose hands it came; null: nothing is said. */
  hops: string | null;
}

/** How one family of proxies asks. */
export interface Dialect {
  door: VerifyDoor;
  /** For metrics and logs. */
  route: string;
  /** Whether the path of the original request follows the channel. */
  takesPath: boolean;
  /**
   * Reads what the proxy itself sets, and nothing else: all other headers are the client's.
   * @param own what follows the channel in our own address
   * @throws validation_failed when the proxy did not set it, or passed a client's on beside its own
   */
  read(incoming: IncomingMessage, own: Target): Original;
  /** Whether the proxy passes an answer with this status on by itself. */
  passesOn(status: number): boolean;
}

export const dialects: ReadonlyMap<string, Dialect> = new Map([
  [
    'forward-auth',
    {
      door: 'forward_auth',
      route: '/forward-auth/:channel',
      takesPath: false,
      read: (incoming) => ({
        method: methodIn(incoming, 'X-Forwarded-Method'),
        ...readTarget(required(incoming, 'X-Forwarded-Uri')),
        hops: single(incoming, 'X-Forwarded-For'),
      }),
      passesOn: () => true,
    },
  ],
  [
    'auth-request',
    {
      door: 'auth_request',
      route: '/auth-request/:channel',
      takesPath: false,
      read: (incoming) => ({
        method: methodIn(incoming, 'X-Original-Method'),
        ...readTarget(required(incoming, 'X-Original-URI')),
        hops: single(incoming, 'X-Real-IP'),
      }),
      // nginx makes a 500 of every other one.
      passesOn: (status) => status === 401 || status === 403,
    },
  ],
  [
    'ext-authz',
    {
      door: 'ext_authz',
      route: '/ext-authz/:channel/*',
      takesPath: true,
      read: (incoming, own) => ({
        method: incoming.method ?? '',
        ...own,
        hops: single(incoming, 'X-Forwarded-For'),
      }),
      passesOn: () => true,
    },
  ],
]);

/** A token (RFC 9110, 9.1), no longer than any that is registered. */
const methodPattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}$/;

/** @throws validation_failed when it is no method, not there, or there more than once */
function methodIn(incoming: IncomingMessage, name: string): string {
  const value = required(incoming, name);
  if (methodPattern.test(value)) return value;
  throw new DomainError('validation_failed', { detail: `What ${name} holds is no method of HTTP.` });
}

/** @throws validation_failed when it is not there, or more than once */
function required(incoming: IncomingMessage, name: string): string {
  const value = single(incoming, name);
  if (value) return value;
  throw new DomainError('validation_failed', {
    detail: `The proxy must tell of the original request in ${name}. Compare its configuration with the one in the documentation.`,
  });
}

/** @throws validation_failed when it is there more than once: one of them is the client's */
function single({ rawHeaders }: IncomingMessage, name: string): string | null {
  const wanted = name.toLowerCase();
  let value: string | null = null;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const header = rawHeaders[i];
    if (header?.length !== wanted.length || header.toLowerCase() !== wanted) continue;
    if (value !== null) {
      throw new DomainError('validation_failed', {
        detail: `${name} came more than once: the proxy must set it, and not pass on what a client sent.`,
      });
    }
    value = rawHeaders[i + 1] ?? '';
  }
  return value;
}
