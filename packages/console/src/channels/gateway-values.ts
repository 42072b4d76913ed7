import {
  type ChannelGateway,
  type ChannelGatewayPatch,
  type CredentialKind,
  channelGatewayPatch,
} from '@keywright/contract';
import { words } from '../keys/words.ts';
import { sentence } from '../sign-in/form.tsx';
import type { Translate } from '../text/text.tsx';

/** In the order in which they are shown. Written out, so that showing them loads no schema. */
export const kinds: readonly CredentialKind[] = ['bearer', 'x_api_key', 'pair', 'basic'];

/** A rule as it stands in its fields. */
export interface RuleValues {
  method: string;
  path: string;
  /** Words. */
  scopes: string;
}

/** What gateways let through, as it stands in the form. */
export interface GatewayValues {
  credentials: Record<CredentialKind, boolean>;
  rules: RuleValues[];
  preflight: ChannelGateway['preflight'];
  explain: boolean;
}

/** The rule that closes a list: whatever the others left over, any key will do. */
export const closingRule: RuleValues = { method: '*', path: '/*', scopes: '' };

export function gatewayValues({
  credentials,
  scopeRules,
  preflight,
  explain,
}: ChannelGateway): GatewayValues {
  const has = (kind: CredentialKind) => credentials.includes(kind);
  return {
    credentials: {
      bearer: has('bearer'),
      x_api_key: has('x_api_key'),
      pair: has('pair'),
      basic: has('basic'),
    },
    rules: scopeRules.map(({ method, path, scopes }) => ({ method, path, scopes: scopes.join(' ') })),
    preflight,
    explain,
  };
}

/** Something is wrong with a field: `rules.0.path`. */
interface GatewayFault {
  field: string;
  message: string;
}

/** What has to be sent so that the channel becomes what the fields say: only what differs, checked by the contract's schema. */
export function readGatewayPatch(
  t: Translate,
  before: ChannelGateway,
  values: GatewayValues,
): { patch: ChannelGatewayPatch } | { faults: GatewayFault[] } {
  const now: ChannelGateway = {
    // The first is the one that denials recommend: those that were there stay in their order.
    credentials: [
      ...before.credentials.filter((kind) => values.credentials[kind]),
      ...kinds.filter((kind) => values.credentials[kind] && !before.credentials.includes(kind)),
    ],
    scopeRules: values.rules.map(({ method, path, scopes }) => ({
      method: method.trim(),
      path: path.trim(),
      scopes: words(scopes),
    })),
    preflight: values.preflight,
    explain: values.explain,
  };
  const patch = Object.fromEntries(
    Object.entries(now).filter(
      ([part, value]) => JSON.stringify(value) !== JSON.stringify(before[part as keyof ChannelGateway]),
    ),
  ) as ChannelGatewayPatch;
  const issues = channelGatewayPatch.safeParse(patch).error?.issues ?? [];
  if (issues.length === 0) return { patch };
  return { faults: issues.map(({ path, message }) => toFault(t, path.map(String), message)) };
}

/** A fault at the field where the form shows it: of words the whole, of rules the very cell. */
export function toFault(t: Translate, path: readonly string[], message: string): GatewayFault {
  const [part, place, cell] = path;
  if (part === 'credentials') return { field: 'credentials.root', message: t('gateway.credentials.fault') };
  if (part !== 'scopeRules') return { field: String(part), message: sentence(message) };
  if (place === undefined) return { field: 'rules.root', message: sentence(message) };
  return { field: `rules.${place}.${cell ?? 'path'}`, message: sentence(message) };
}
