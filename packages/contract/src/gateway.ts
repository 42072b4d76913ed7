import { z } from 'zod';
import { scopes } from './scope.ts';
import { isPlainText } from './text.ts';

/** The ways in which a request may carry its key, as a channel takes or ignores them. */
export const credentialKinds = ['bearer', 'x_api_key', 'pair', 'basic'] as const;
export type CredentialKind = (typeof credentialKinds)[number];

const credentials = z
  .array(z.enum(credentialKinds))
  .min(1, { error: 'must name at least one way to send a key' })
  .refine((list) => new Set(list).size === list.length, { error: 'must not name a way twice' })
  .meta({
    description:
      'bearer: Authorization: Bearer; x_api_key: X-API-Key; pair: X-Key-Id and X-Key-Secret; basic: Authorization: Basic, a pair, or a token as the user with an empty password. A header of which no way is named is no key here, and passes untouched.',
  });

/** `*` stands for every method. */
const ruleMethod = z
  .string()
  .regex(/^(\*|[A-Z]{1,20})$/, { error: 'must be a method in capitals, such as GET, or * for all' });

/**
 * The path as the API's users write it, `/orders/*`. `*` as the last part stands for all that follows, elsewhere for one
 * part. Matching is by character, after what need not be percent-encoded was decoded.
 */
const rulePath = z
  .string()
  .max(500, { error: 'must have at most 500 characters' })
  .regex(/^\/[^?#\\%\s]*$/, { error: 'must begin with / and hold no ?, #, %, \\ or space' })
  .refine((path) => isPlainText(path) && isAscii(path), { error: 'must hold ASCII characters only' })
  .refine((path) => !path.includes('//') && !/\/\.{1,2}(\/|$)/.test(path), {
    error: 'must not hold //, /./ or /../',
  })
  .refine((path) => path.split('/').every((part) => part === '*' || !part.includes('*')), {
    error: 'must have * as a whole part only, such as /orders/*',
  });

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 126) return false;
  return true;
}

export const scopeRule = z.strictObject({
  method: ruleMethod,
  path: rulePath,
  scopes: scopes.meta({ description: 'all of them are needed; none: any key of the channel will do' }),
});
export type ScopeRule = z.infer<typeof scopeRule>;

const scopeRules = z.array(scopeRule).max(100, { error: 'must have at most 100 rules' }).meta({
  description:
    'the first rule that fits method and path says which scopes a key needs. What fits none needs the scope *; without any rule no scope is asked for.',
});

export const preflights = ['check', 'pass'] as const;
const preflight = z.enum(preflights).meta({
  description:
    'what a CORS preflight gets: check: it needs a key like every request; pass: it goes on to the API without one',
});

const explain = z.boolean().meta({
  description: 'whether a denial says why (its code); false: every denial but 429 is a plain 401',
});

/** What gateways in front of a channel let through: a proxy that asks, or the built-in gateway. */
export const channelGateway = z.object({ credentials, scopeRules, preflight, explain });
export type ChannelGateway = z.infer<typeof channelGateway>;

export const defaultChannelGateway: ChannelGateway = Object.freeze({
  credentials: [...credentialKinds],
  scopeRules: [],
  preflight: 'check',
  explain: true,
});

/** A change: fields that are absent stay. */
export const channelGatewayPatch = z.strictObject({
  credentials: credentials.exactOptional(),
  scopeRules: scopeRules.exactOptional(),
  preflight: preflight.exactOptional(),
  explain: explain.exactOptional(),
});
export type ChannelGatewayPatch = z.infer<typeof channelGatewayPatch>;
