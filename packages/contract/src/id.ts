import { z } from 'zod';

/** Every id is one of these prefixes, `_`, and 26 characters that sort by the time of creation. */
export const idPrefixes = {
  project: 'prj',
  channel: 'chn',
  key: 'key',
  account: 'acc',
  session: 'ses',
  passkey: 'pky',
  invitation: 'inv',
  serviceKey: 'svc',
} as const;

export type IdKind = keyof typeof idPrefixes;

const idCharacters = '[0-9a-hjkmnp-tv-z]{26}';

/** A schema for the ids of one kind. */
export function id(kind: IdKind) {
  return z.string().regex(new RegExp(`^${idPrefixes[kind]}_${idCharacters}$`), {
    error: `must be a ${kind} id (${idPrefixes[kind]}_…)`,
  });
}
