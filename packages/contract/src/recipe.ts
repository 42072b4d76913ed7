/**
 * What stands in the ready-made configurations for proxies (docs/gateways) for what differs from place to place, and in
 * them means nothing else.
 */
export const recipeExample = Object.freeze({
  /** The channel's slug. */
  channel: 'my-channel',
  /** Host and port at which the proxy reaches Keywright. */
  keywright: '127.0.0.1:8787',
  /** Host and port of the API. */
  upstream: '127.0.0.1:9000',
  /** The port on which the proxy listens. */
  listen: '8080',
  /** What the proxy proves itself with; in the files its line is commented out. */
  token: 'your-auth-token',
});

export interface RecipeValues {
  channel: string;
  /** Host and port. */
  keywright: string;
  /** Host and port. */
  upstream: string;
  /** A port; left out: 8080. */
  listen?: string;
  /** KEYWRIGHT_AUTH_TOKEN; left out: its line stays commented out. */
  token?: string;
}

/** Puts a place's own values into the text of a ready-made configuration. */
export function fillRecipe(text: string, values: RecipeValues): string {
  const filled = values.token === undefined ? text : text.replace(tokenLine, '$1$2');
  // All at once, so that no value is looked for in one that was just put in.
  return filled.replace(placeholders, (found) => substitute(found, { ...recipeExample, ...values }));
}

/** Host and port of an address, as the configurations take them. */
export function recipeAddress(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

/** Envoy takes a host and its port apart. */
const apart = (address: string) => {
  const colon = address.lastIndexOf(':');
  return `address: ${address.slice(0, colon)}, port_value: ${address.slice(colon + 1)}`;
};

/** Its spaces, and what follows the sign of a comment. */
const tokenLine = new RegExp(`^([ \\t]*)# (.*${recipeExample.token}.*)$`, 'gm');

const { channel, keywright, upstream, listen, token } = recipeExample;
const placeholders = new RegExp(
  [channel, keywright, upstream, apart(keywright), apart(upstream), `\\b${listen}\\b`, token].join('|'),
  'g',
);

function substitute(found: string, values: Required<RecipeValues>): string {
  switch (found) {
    case channel:
      return values.channel;
    case keywright:
      return values.keywright;
    case upstream:
      return values.upstream;
    case apart(keywright):
      return apart(values.keywright);
    case apart(upstream):
      return apart(values.upstream);
    case listen:
      return values.listen;
    default:
      return values.token;
  }
}
