import type { VerificationRecord } from '../verification/verification-record.ts';
import type { LoadedChannel } from '../verification/verification-store.ts';

/** Who asks, as the API behind a gateway is told. */
export const identityHeaderNames = [
  'X-Keywright-Key-Id',
  'X-Keywright-Owner-Id',
  'X-Keywright-Project-Id',
  'X-Keywright-Channel',
  'X-Keywright-Scopes',
] as const;
export type IdentityHeaders = Record<(typeof identityHeaderNames)[number], string>;

/** What stands for "there is none": an empty value would leave room for one that a client sent. */
const none = '-';

/**
 * All of them, each with a value, so that whatever takes them over from here overwrites what a client sent.
 * @param key null for what passes without one
 */
export function identityHeaders(key: VerificationRecord | null, channel: LoadedChannel): IdentityHeaders {
  return {
    'X-Keywright-Key-Id': key?.id ?? none,
    'X-Keywright-Owner-Id': headerText(key?.ownerId ?? ''),
    'X-Keywright-Project-Id': channel.projectId,
    'X-Keywright-Channel': channel.slug,
    'X-Keywright-Scopes': key === null || key.scopes.length === 0 ? none : key.scopes.join(' '),
  };
}

/** An owner's id is the provider's own text: what a header cannot hold, and `%`, is percent-encoded. */
function headerText(text: string): string {
  if (text === '') return none;
  return text === none
    ? '%2D'
    : text.replace(/[^\x21-\x24\x26-\x7e]/gu, (character) => encodeURIComponent(character.toWellFormed()));
}
