import { DomainError, invalidField } from '../domain/error.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { AccountServices } from './account-services.ts';
import { accountSubject } from './account-subject.ts';
import { newBackupCodes } from './backup-codes.ts';
import type { Session } from './identity.ts';
import { requireRecentProof } from './recent-proof.ts';
import { selfCaller } from './self-caller.ts';

/**
 * Makes the secret for an app, which is to be confirmed by a code. One that was begun before is replaced.
 * @throws unauthenticated without a recent proof; forbidden when a second factor is on
 */
export async function beginSecondFactor(
  { context, vault }: AccountServices,
  session: Session,
): Promise<{ secret: string; uri: string }> {
  const { account } = session;
  const caller = prove(context, session);
  const secret = vault.newSecret();
  const sealed = { secret: await vault.seal(secret), backupCodes: await vault.seal('[]') };
  await context.change(caller, async ({ secondFactors }) => {
    if (!(await secondFactors.begin(account.id, sealed))) throw isOn();
    return { value: null, entries: [] };
  });
  const { name: issuer } = await context.stores.instance.find();
  return vault.present(secret, { issuer, account: account.email });
}

/**
 * Turns the second factor on, once a code has shown that the app has the secret. The other sessions of the account end.
 * @returns the backup codes, which nobody can see again
 * @throws unauthenticated without a recent proof; validation_failed for a wrong code; forbidden when none was begun
 */
export async function turnOnSecondFactor(
  { context, vault }: AccountServices,
  session: Session,
  code: string,
): Promise<string[]> {
  const { account } = session;
  const backupCodes = newBackupCodes();
  const sealed = await vault.seal(JSON.stringify(backupCodes));
  await context.change(prove(context, session), async ({ accounts, secondFactors }, now) => {
    const begun = await secondFactors.lock(account.id);
    if (begun === null)
      throw forbidden('Begin with a secret for your app (POST /api/auth/two-factor/begin).');
    if (begun.isOn) throw isOn();
    const step = await vault.findStep(await vault.open(begun.secret), code, now);
    if (step === null)
      throw invalidField('code', 'is not what the app shows now: is the clock of the phone right?');
    await secondFactors.turnOn(account.id, { backupCodes: sealed, step, at: now });
    await accounts.endSessions(account.id, session.id);
    return { value: null, entries: [{ action: 'account.second_factor_on', ...accountSubject(account) }] };
  });
  return backupCodes;
}

/**
 * Turns it off, if it is on. Secret and backup codes are gone.
 * @throws unauthenticated without a recent proof
 */
export async function turnOffSecondFactor({ context }: AccountServices, session: Session): Promise<void> {
  const { account } = session;
  await context.change(prove(context, session), async ({ secondFactors }) => {
    const entries: LedgerEntry[] = (await secondFactors.turnOff(account.id))
      ? [{ action: 'account.second_factor_off', ...accountSubject(account) }]
      : [];
    return { value: null, entries };
  });
}

/**
 * Gives new backup codes; those from before are good no more.
 * @throws unauthenticated without a recent proof; forbidden when no second factor is on
 */
export async function renewBackupCodes(
  { context, vault }: AccountServices,
  session: Session,
): Promise<string[]> {
  const { account } = session;
  const backupCodes = newBackupCodes();
  const sealed = await vault.seal(JSON.stringify(backupCodes));
  await context.change(prove(context, session), async ({ secondFactors }) => {
    if ((await secondFactors.lock(account.id))?.isOn !== true) {
      throw forbidden('Backup codes belong to a second factor, and none is on.');
    }
    await secondFactors.setBackupCodes(account.id, sealed);
    return { value: null, entries: [{ action: 'account.backup_codes_renewed', ...accountSubject(account) }] };
  });
  return backupCodes;
}

/** Who is signed in, with a recent proof. @throws unauthenticated */
function prove({ clock }: AccountServices['context'], { account, authenticatedAt }: Session) {
  const caller = selfCaller(account, authenticatedAt);
  requireRecentProof(caller, clock.now());
  return caller;
}

function isOn(): DomainError {
  return forbidden('A second factor is on already. Turn it off first to take another app or phone.');
}

function forbidden(detail: string): DomainError {
  return new DomainError('forbidden', { detail });
}
