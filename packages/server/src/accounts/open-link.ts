import type { LinkPurpose } from '@keywright/contract';
import type { Stores } from '../domain/context.ts';
import { DomainError } from '../domain/error.ts';
import { hashSecret } from '../keys/secret-format.ts';
import type { AccountServices } from './account-services.ts';
import type { StoredAccount } from './account-store.ts';
import type { StoredLink } from './link-store.ts';

interface Opened {
  link: StoredLink;
  account: StoredAccount;
}

/**
 * What the token of a link is for. It stays good: see `useLink`.
 * @param address where the request came from: wrong tokens are counted by it
 * @throws forbidden for a token that is wrong, used, replaced or expired; rate_limited
 */
export async function openLink(
  { context: { stores, clock }, throttle }: AccountServices,
  address: string,
  { purpose, token }: { purpose: LinkPurpose; token: string },
): Promise<Opened> {
  const attempt = throttle.begin(null, address);
  const link = await stores.links.find(purpose, hashSecret(token));
  const account = isAlive(link, clock.now()) ? await stores.accounts.find(link.accountId) : null;
  if (link === null || account === null) throw wrongLink(purpose);
  attempt.withdraw();
  return { link, account };
}

/**
 * Uses a link up, in the change that it is for. Of several who use it at once, one gets through. The account is held.
 * @throws forbidden as `openLink`
 */
export async function useLink(
  { links, accounts }: Stores,
  { purpose, token, accountId }: { purpose: LinkPurpose; token: string; accountId: string },
  now: number,
): Promise<Opened> {
  // In the order in which an erasure takes them: the account goes before its links.
  const account = await accounts.hold(accountId);
  const link = await links.lock(purpose, hashSecret(token));
  if (account === null || !isAlive(link, now) || link.accountId !== accountId) throw wrongLink(purpose);
  await links.delete(accountId, purpose);
  return { link, account };
}

function isAlive(link: StoredLink | null, now: number): link is StoredLink {
  return link !== null && link.expiresAt > now;
}

/** The words for a link that is good for nothing. */
export function wrongLink(purpose: LinkPurpose | 'invitation'): DomainError {
  return new DomainError('forbidden', {
    detail: `This link was used, replaced by a newer one, or has expired. ${remedies[purpose]}`,
  });
}

const remedies: Readonly<Record<LinkPurpose | 'invitation', string>> = {
  reset_password: 'Ask for a new one where you sign in, or ask an administrator for one.',
  confirm_email: 'Change the address in your account once more, or ask an administrator for a new link.',
  invitation: 'Ask who invited you for a new invitation.',
};
