import type { CredentialKind } from '@keywright/contract';
import { credentialHeaders } from './credential.ts';
import type { IdentityHeaders } from './identity-headers.ts';

/** What belongs to one connection and not to the message (RFC 9110, 7.6.1), or is said anew by whoever sends it on. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

/** What the gateway says itself: from a client it would be a claim. */
const ownNames = [
  'host',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-real-ip',
  'x-request-id',
];
/** What no client's header goes on by. */
const neverSent = new Set([...hopByHop, ...ownNames]);
const ownPrefix = 'x-keywright-';

/** What the gateway tells the API behind it of a request. */
export interface ForwardedFacts {
  identity: IdentityHeaders;
  requestId: string;
  /** The client's address, or the way it came if a trusted proxy stands before us. */
  forwardedFor: string;
  proto: 'http' | 'https';
  host: string;
  /** What was taken off the path: `/orders`; empty where the host name says which channel it is. */
  prefix: string;
}

/**
 * The console's own cookies. Browsers send them to every port of a host, and take them from each: they are not for the
 * API behind, and not for it to set. `=` at the begin: a cookie without a name comes back as if its value began with one.
 */
const ownCookie = /^[\s=]*(?:__(?:Host|Secure)-)?keywright_/i;

/** A `Cookie` header without the console's own; empty when nothing is left of it. */
function withoutOwnCookies(value: string): string {
  if (!value.toLowerCase().includes('keywright_')) return value;
  const others = value.split(';').filter((cookie) => !ownCookie.test(cookie));
  return others.join(';').trim();
}

/**
 * The headers for the API behind: the client's, without its key, without the console's cookies, without what belongs to
 * its connection, and without what it has no say in; then who it is. Names are compared with `_` taken for `-`, since many
 * frameworks cannot tell the two apart.
 * @returns names and values in turn
 */
export function forwardHeaders(
  rawHeaders: readonly string[],
  kinds: readonly CredentialKind[],
  facts: ForwardedFacts,
): string[] {
  const alsoDropped = [...credentialHeaders(kinds), ...namedByConnection(rawHeaders)];
  const result: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    const lower = name.toLowerCase();
    const plain = lower.includes('_') ? lower.replaceAll('_', '-') : lower;
    if (neverSent.has(plain) || alsoDropped.includes(plain) || plain.startsWith(ownPrefix)) continue;
    const value = rawHeaders[i + 1] ?? '';
    const sent = plain === 'cookie' ? withoutOwnCookies(value) : value;
    if (sent !== '' || value === '') result.push(name, sent);
  }
  for (const [name, value] of Object.entries(facts.identity)) result.push(name, value);
  result.push('X-Request-Id', facts.requestId, 'X-Forwarded-For', facts.forwardedFor);
  result.push('X-Forwarded-Proto', facts.proto);
  if (facts.host !== '') result.push('X-Forwarded-Host', facts.host);
  if (facts.prefix !== '') result.push('X-Forwarded-Prefix', facts.prefix);
  return result;
}

/**
 * The headers of a response for the client: the upstream's, without what belongs to its connection, without those that
 * the gateway sets itself, and without cookies by the names of the console's own.
 * @returns names and values in turn
 */
export function returnHeaders(
  rawHeaders: readonly Buffer[],
  own: Readonly<Record<string, string>>,
): string[] {
  const texts = rawHeaders.map((part) => part.toString('latin1'));
  const dropped = namedByConnection(texts);
  for (const name of Object.keys(own)) dropped.push(name.toLowerCase());
  const result: string[] = [];
  for (let i = 0; i < texts.length; i += 2) {
    const name = texts[i] ?? '';
    const lower = name.toLowerCase();
    if (hopByHop.has(lower) || dropped.includes(lower)) continue;
    const value = texts[i + 1] ?? '';
    if (lower === 'set-cookie' && ownCookie.test(value)) continue;
    result.push(name, value);
  }
  for (const [name, value] of Object.entries(own)) result.push(name, value);
  return result;
}

/** What must not be dropped because a client names it: the length of a body is no matter of the connection. */
const kept = new Set(['content-length', 'content-type', 'content-encoding']);

function namedByConnection(rawHeaders: readonly string[]): string[] {
  const named: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length !== 10 || name.toLowerCase() !== 'connection') continue;
    const options = (rawHeaders[i + 1] ?? '').toLowerCase().split(',');
    named.push(...options.map((option) => option.trim()).filter((option) => !kept.has(option)));
  }
  return named;
}
