import type { CredentialResponse } from '@keywright/contract';
import { DomainError, notFound } from '../domain/error.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { AccountServices } from './account-services.ts';
import { accountSubject } from './account-subject.ts';
import type { Session, SignedIn, Visit } from './identity.ts';
import type { PasskeyRequest } from './passkey-ceremonies.ts';
import type { StoredPasskey } from './passkey-store.ts';
import { requireRecentProof } from './recent-proof.ts';
import { passkeysAt } from './relying-party.ts';
import { selfCaller } from './self-caller.ts';

const maxPasskeys = 20;

/**
 * What a browser is asked with to make a passkey for the account that is signed in.
 * @throws unauthenticated without a recent proof; forbidden where passkeys cannot work, and for more than 20
 */
export async function beginPasskey(
  services: AccountServices,
  visit: Visit,
  { account, authenticatedAt }: Session,
): Promise<PasskeyRequest> {
  const { context, identity } = services;
  requireRecentProof(selfCaller(account, authenticatedAt), context.clock.now());
  requirePasskeys(services, visit);
  const passkeys = await context.stores.passkeys.list(account.id);
  if (passkeys.length >= maxPasskeys) {
    throw new DomainError('forbidden', { detail: `An account has at most ${maxPasskeys} passkeys.` });
  }
  const { options, cookies } = await identity.passkeys.askForNew(visit);
  const { name } = await context.stores.instance.find();
  const rp = { ...(options.rp as object), name };
  const user = { ...(options.user as object), displayName: account.name };
  return { options: { ...options, rp, user }, cookies };
}

/**
 * Keeps the passkey that a browser made.
 * @throws validation_failed when it does not fit what the browser was asked with; forbidden where passkeys cannot work
 */
export async function addPasskey(
  services: AccountServices,
  visit: Visit,
  { account, authenticatedAt }: Session,
  { name, response }: { name: string; response: CredentialResponse },
): Promise<void> {
  requirePasskeys(services, visit);
  const caller = selfCaller(account, authenticatedAt);
  const tell = (id: string) => ({
    caller,
    entries: [tellOf('account.passkey_added', account, { id, name })],
  });
  await services.identity.passkeys.keepNew(visit, { name, response, tell });
}

/** What a browser is asked with to sign somebody in. @throws forbidden where passkeys cannot work; rate_limited */
export async function beginPasskeySignIn(services: AccountServices, visit: Visit): Promise<PasskeyRequest> {
  requirePasskeys(services, visit);
  services.challengeThrottle.begin(null, visit.address);
  return services.identity.passkeys.askForSignIn(visit);
}

/**
 * Signs in with a passkey, which is both factors. Begins a session, always a fresh one.
 * @throws unauthenticated, in the same words whatever is wrong; rate_limited; forbidden where passkeys cannot work
 */
export async function signInWithPasskey(
  services: AccountServices,
  visit: Visit,
  response: CredentialResponse,
): Promise<{ account: SignedIn; cookies: string[] }> {
  requirePasskeys(services, visit);
  const attempt = services.throttle.begin(null, visit.address);
  try {
    const signedIn = await services.identity.passkeys.signIn(visit, response);
    attempt.succeed();
    return signedIn;
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'unauthenticated')) attempt.withdraw();
    throw error;
  }
}

/** @throws not_found for one that the account does not have */
export async function renamePasskey(
  { context }: AccountServices,
  { account, authenticatedAt }: Session,
  { id, name }: { id: string; name: string },
): Promise<void> {
  await context.change(selfCaller(account, authenticatedAt), async ({ passkeys }) => {
    if (!(await passkeys.rename(account.id, id, name))) throw notFound('passkey');
    return { value: null, entries: [tellOf('account.passkey_renamed', account, { id, name })] };
  });
}

/** @throws unauthenticated without a recent proof; not_found for one that the account does not have */
export async function removePasskey(
  { context }: AccountServices,
  { account, authenticatedAt }: Session,
  id: string,
): Promise<void> {
  const caller = selfCaller(account, authenticatedAt);
  requireRecentProof(caller, context.clock.now());
  await context.change(caller, async ({ passkeys }) => {
    const removed = await passkeys.remove(account.id, id);
    if (removed === null) throw notFound('passkey');
    return { value: null, entries: [tellOf('account.passkey_removed', account, removed)] };
  });
}

/** What the ledger says of a passkey of this account. */
export function tellOf(
  action: Extract<LedgerEntry['action'], `account.passkey_${string}`>,
  account: Pick<SignedIn, 'id' | 'name'>,
  { id, name }: Pick<StoredPasskey, 'id' | 'name'>,
): LedgerEntry {
  return {
    action,
    ...accountSubject(account),
    detail: { passkeyId: id },
    privateDetail: { passkeyName: name },
  };
}

/** @throws forbidden where passkeys cannot work */
function requirePasskeys({ passkeys }: AccountServices, { origin }: Visit): void {
  const found = passkeysAt(passkeys(), origin);
  if ('reason' in found) throw new DomainError('forbidden', { detail: found.reason });
}
