import type { CredentialKind } from '@keywright/contract';
import { hasValidChecksum } from '../keys/secret-format.ts';

/** What a request presents as its key. */
export type Credential = { key: string } | { publicId: string; secret: string };

/** Why a request presents none, for whoever sent it. */
export interface CredentialFault {
  fault: 'missing' | 'twice' | 'in_query' | 'malformed';
  detail: string;
}

const headerKinds: ReadonlyMap<string, readonly CredentialKind[]> = new Map([
  ['authorization', ['bearer', 'basic']],
  ['x-api-key', ['x_api_key']],
  ['x-key-id', ['pair']],
  ['x-key-secret', ['pair']],
]);

/** The headers that hold credentials of these kinds, in lower case: what must not go on to the API behind. */
export function credentialHeaders(kinds: readonly CredentialKind[]): readonly string[] {
  let names = namesOfKinds.get(kinds);
  if (names === undefined) {
    names = [...headerKinds]
      .filter(([, of]) => of.some((kind) => kinds.includes(kind)))
      .map(([name]) => name);
    namesOfKinds.set(kinds, names);
  }
  return names;
}

/** A channel's list stays the same object as long as the channel is remembered. */
const namesOfKinds = new WeakMap<readonly CredentialKind[], readonly string[]>();

/**
 * Takes the key out of a request. There must be exactly one: of two, which one a program on the way has looked at is
 * anybody's guess.
 * @param rawHeaders names and values in turn, as they came: Node's own object keeps the first of several in silence
 * @param search what follows the `?`; a key in it ends up in logs and histories, and is refused
 * @param kinds what the channel takes; anything else is no credential here
 */
export function readCredential(
  rawHeaders: readonly string[],
  search: string,
  kinds: readonly CredentialKind[],
): Credential | CredentialFault {
  if (search !== '' && holdsKey(search)) return inQuery;
  const values = collect(rawHeaders, kinds);
  if (values === null) return twice;
  const found: (Credential | CredentialFault)[] = [];
  const { authorization, 'x-api-key': token, 'x-key-id': publicId, 'x-key-secret': secret } = values;
  if (authorization !== undefined) {
    const presented = readAuthorization(authorization, kinds);
    if (presented !== null) found.push(presented);
  }
  if (token !== undefined) {
    found.push(token === '' ? malformed('X-API-Key is empty.') : { key: token });
  }
  if (publicId !== undefined || secret !== undefined) {
    found.push(
      publicId && secret ? { publicId, secret } : malformed('X-Key-Id and X-Key-Secret belong together.'),
    );
  }
  const [only, another] = found;
  if (another !== undefined) return twice;
  return only ?? missing(kinds);
}

type Collected = Partial<Record<'authorization' | 'x-api-key' | 'x-key-id' | 'x-key-secret', string>>;

/** Null when one of the headers that the channel reads is there more than once. */
function collect(rawHeaders: readonly string[], kinds: readonly CredentialKind[]): Collected | null {
  const values: Record<string, string> = {};
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    // None of the four is shorter or longer than this: most headers are passed over by their length.
    if (name.length < 8 || name.length > 13) continue;
    const lower = name.toLowerCase();
    const read = headerKinds.get(lower);
    if (read === undefined || !read.some((kind) => kinds.includes(kind))) continue;
    if (lower in values) return null;
    values[lower] = rawHeaders[i + 1] ?? '';
  }
  return values;
}

const scheme = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?: +(.*))?$/;

/** Null when the scheme is none that the channel takes: then it is for the API behind. */
function readAuthorization(
  value: string,
  kinds: readonly CredentialKind[],
): Credential | CredentialFault | null {
  const [, name = '', rest = ''] = scheme.exec(value) ?? [];
  const kind = name.toLowerCase();
  if (kind === 'bearer' && kinds.includes('bearer')) return readBearer(rest.trimEnd());
  if (kind === 'basic' && kinds.includes('basic')) return readBasic(rest.trimEnd());
  // An empty header, or a key without a scheme before it, is meant for us, and said so.
  if (value === '' || hasValidChecksum(value.trim())) return malformed(`Write it as "${example(kinds)}".`);
  return null;
}

function readBearer(token: string): Credential | CredentialFault {
  if (token === '' || /\s/.test(token)) return malformed('Authorization must be "Bearer <key>".');
  return { key: token };
}

/** RFC 7617: a pair as user and password, or a token as the user with an empty password. */
function readBasic(encoded: string): Credential | CredentialFault {
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(encoded);
  const text = isBase64 ? Buffer.from(encoded, 'base64').toString('utf8') : '';
  const colon = text.indexOf(':');
  if (colon < 1) return malformed('Authorization must be "Basic" with the base64 of "<key id>:<secret>".');
  const [user, password] = [text.slice(0, colon), text.slice(colon + 1)];
  return password === '' ? { key: user } : { publicId: user, secret: password };
}

/** Parameters that by their name hold a key; one of any name that has a key's checksum is found by that. */
const keyParameters = new Set(['api_key', 'apikey', 'api-key', 'x-api-key', 'access_token']);

function holdsKey(search: string): boolean {
  for (const [name, value] of new URLSearchParams(search)) {
    if (keyParameters.has(name.toLowerCase()) || hasValidChecksum(value) || hasValidChecksum(name))
      return true;
  }
  return false;
}

const inQuery: CredentialFault = Object.freeze({
  fault: 'in_query',
  detail: 'A key must not stand in the address, where logs and histories keep it. Send it in a header.',
});

const twice: CredentialFault = Object.freeze({
  fault: 'twice',
  detail: 'The request carries more than one key. Send one, once.',
});

function malformed(detail: string): CredentialFault {
  return { fault: 'malformed', detail };
}

function missing(kinds: readonly CredentialKind[]): CredentialFault {
  return { fault: 'missing', detail: `The request carries no key. Send it as "${example(kinds)}".` };
}

const examples: Readonly<Record<CredentialKind, string>> = {
  bearer: 'Authorization: Bearer <key>',
  x_api_key: 'X-API-Key: <key>',
  pair: 'X-Key-Id: <key id>" and "X-Key-Secret: <secret>',
  basic: 'Authorization: Basic <base64 of key id:secret>',
};

function example(kinds: readonly CredentialKind[]): string {
  return examples[kinds[0] ?? 'bearer'];
}
