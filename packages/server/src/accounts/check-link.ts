import type { CheckedLink, CheckLinkBody } from '@keywright/contract';
import { hashSecret } from '../keys/secret-format.ts';
import type { AccountServices } from './account-services.ts';
import { openLink, wrongLink } from './open-link.ts';

/**
 * For whom a link is, before anything is typed. It stays good.
 * @throws forbidden for a token that is wrong, used, replaced or expired; rate_limited
 */
export async function checkLink(
  services: AccountServices,
  address: string,
  { token, purpose }: CheckLinkBody,
): Promise<CheckedLink> {
  if (purpose === 'invitation') return checkInvitation(services, address, token);
  const { link, account } = await openLink(services, address, { purpose, token });
  return { email: link.email ?? account.email, projectName: null, hasAccount: null };
}

async function checkInvitation(
  { context: { stores, clock }, throttle }: AccountServices,
  address: string,
  token: string,
): Promise<CheckedLink> {
  const attempt = throttle.begin(null, address);
  const invitation = await stores.invitations.findByToken(hashSecret(token));
  if (invitation === null || invitation.expiresAt <= clock.now()) throw wrongLink('invitation');
  attempt.withdraw();
  const { email, projectId } = invitation;
  const [project, account] = await Promise.all([
    stores.projects.find(projectId),
    stores.accounts.findByEmail(email),
  ]);
  return { email, projectName: project?.name ?? null, hasAccount: account !== null };
}
