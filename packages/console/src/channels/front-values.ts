import {
  type Channel,
  type CredentialKind,
  type Gateways,
  recipeAddress,
  recipeExample,
} from '@keywright/contract';

/** What a configuration is filled in with, as it is typed. */
export interface FrontValues {
  /** Host and port at which the proxy reaches this server. */
  keywright: string;
  /** Host and port of the API. */
  upstream: string;
  /** The port on which the proxy listens. */
  listen: string;
  /** Whether the server wants a token of who asks. */
  hasToken: boolean;
}

export const addressFields = ['keywright', 'upstream', 'listen'] as const;
export type AddressField = (typeof addressFields)[number];

/** What is known of it: this server's address, with the port for proxies if there is one, and the channel's upstream. */
export function knownValues({ upstream }: Channel, { authPort }: Gateways): FrontValues {
  const api = upstream === null ? recipeExample.upstream : recipeAddress(upstream);
  return {
    keywright: authPort === null ? recipeAddress(location.origin) : `${location.hostname}:${authPort}`,
    upstream: isGood('upstream', api) ? api : recipeExample.upstream,
    listen: recipeExample.listen,
    hasToken: false,
  };
}

/** It gets into a file that a program runs by: nothing that could mean more there than a host and a port. */
export function isGood(field: AddressField, typed: string): boolean {
  const port = /^\d{1,5}$/.exec(field === 'listen' ? typed : (/:(\d+)$/.exec(typed)?.[1] ?? ''))?.[0];
  if (port === undefined || Number(port) < 1 || Number(port) > 65_535) return false;
  return field === 'listen' || /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+):\d+$/i.test(typed);
}

/** A line that sends a request with a key, in the way of those that the channel takes which it names first. */
export function writeCurl(address: string, [kind = 'bearer']: readonly CredentialKind[]): string {
  return [`curl -i ${address} \\`, ...credentialLines[kind]].join('\n');
}

const credentialLines: Readonly<Record<CredentialKind, readonly string[]>> = {
  bearer: ['  -H "Authorization: Bearer $API_KEY"'],
  x_api_key: ['  -H "X-API-Key: $API_KEY"'],
  pair: ['  -H "X-Key-Id: $API_KEY_ID" \\', '  -H "X-Key-Secret: $API_KEY_SECRET"'],
  basic: ['  -u "$API_KEY_ID:$API_KEY_SECRET"'],
};
