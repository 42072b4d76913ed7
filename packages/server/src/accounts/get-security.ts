import type { Security } from '@keywright/contract';
import type { Stores } from '../domain/context.ts';
import { formatTime } from '../domain/time.ts';
import type { AccountServices } from './account-services.ts';
import type { Session, Visit } from './identity.ts';
import type { StoredPasskey } from './passkey-store.ts';
import { passkeysAt } from './relying-party.ts';

/**
 * How the account that is signed in is secured beyond its password, whether passkeys work where the visit is, and which
 * address it is about to have.
 */
export async function getSecurity(
  { context: { stores, clock }, vault, passkeys }: AccountServices,
  { origin }: Visit,
  { account }: Session,
): Promise<Security> {
  const [factor, stored, pendingEmail] = await Promise.all([
    stores.secondFactors.find(account.id),
    stores.passkeys.list(account.id),
    findPendingEmail(stores, account.id, clock.now()),
  ]);
  const isOn = factor?.isOn === true;
  const codes = isOn ? (JSON.parse(await vault.open(factor.backupCodes)) as string[]) : [];
  const found = passkeysAt(passkeys(), origin);
  const reason = 'reason' in found ? found.reason : null;
  return {
    twoFactor: { isOn, backupCodesLeft: codes.length },
    passkeys: stored.map(viewPasskey),
    passkeysAvailable: reason === null,
    passkeysUnavailableReason: reason,
    pendingEmail,
  };
}

async function findPendingEmail({ links }: Stores, accountId: string, now: number) {
  const [email, out] = await Promise.all([links.findPendingEmail(accountId), links.list(accountId)]);
  if (email === null) return null;
  const link = out.find(({ purpose, expiresAt }) => purpose === 'confirm_email' && expiresAt > now);
  return { email, linkExpiresAt: formatTime(link?.expiresAt ?? null) };
}

export function viewPasskey({ id, name, createdAt, lastUsedAt }: StoredPasskey) {
  return { id, name, createdAt: formatTime(createdAt), lastUsedAt: formatTime(lastUsedAt) };
}
