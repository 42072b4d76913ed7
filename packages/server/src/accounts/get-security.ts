import type { Security } from '@keywright/contract';
import { formatTime } from '../domain/time.ts';
import type { AccountServices } from './account-services.ts';
import type { Session, Visit } from './identity.ts';
import type { StoredPasskey } from './passkey-store.ts';
import { passkeysAt } from './relying-party.ts';

/** How the account that is signed in is secured beyond its password, and whether passkeys work where the visit is. */
export async function getSecurity(
  { context: { stores }, vault, passkeys }: AccountServices,
  { origin }: Visit,
  { account }: Session,
): Promise<Security> {
  const [factor, stored] = await Promise.all([
    stores.secondFactors.find(account.id),
    stores.passkeys.list(account.id),
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
  };
}

export function viewPasskey({ id, name, createdAt, lastUsedAt }: StoredPasskey) {
  return { id, name, createdAt: formatTime(createdAt), lastUsedAt: formatTime(lastUsedAt) };
}
