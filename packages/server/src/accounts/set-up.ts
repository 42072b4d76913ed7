import { randomBytes } from 'node:crypto';
import type { SetUpBody } from '@keywright/contract';
import { systemCaller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { DomainError } from '../domain/error.ts';
import { hashSecret, Secret } from '../keys/secret-format.ts';
import type { AccountServices } from './account-services.ts';
import { draftAccount, giveOwnProject, grantAdmin, insertAccount } from './create-account.ts';
import { hashPassword } from './password-hash.ts';
import { checkPassword } from './password-rules.ts';

const tokenBytes = 32;

/**
 * A new token for the set-up link, in place of any that was out; null when there is an administrator already.
 * Whoever has it becomes the first administrator.
 */
export async function issueSetupToken(context: Context): Promise<Secret | null> {
  const { value } = await context.change(systemCaller, async (stores) => {
    await stores.instance.lock('update');
    const token = (await stores.accounts.hasAdmin())
      ? null
      : new Secret(randomBytes(tokenBytes).toString('base64url'));
    await stores.instance.setSetupToken(token === null ? null : hashSecret(token.reveal()));
    return { value: token, entries: [] };
  });
  return value;
}

/**
 * Makes the first administrator. Works once.
 * @throws forbidden for a token that is not the one of the link, or was used; validation_failed for a weak password
 */
export async function setUp(
  { context, throttle }: Pick<AccountServices, 'context' | 'throttle'>,
  address: string,
  { token, email, name, password }: SetUpBody,
): Promise<void> {
  const attempt = throttle.begin(null, address);
  const hash = hashSecret(token);
  if ((await context.stores.instance.findSetupToken()) !== hash) throw wrongToken();
  attempt.withdraw();
  const { name: instanceName } = await context.stores.instance.find();
  await checkPassword(password, { field: 'password', email, name, instanceName });
  const passwordHash = await hashPassword(password);
  const { account, caller } = draftAccount({ email, name }, context.clock.now());
  await context.change(caller, async (stores, now) => {
    // Two who come at once wait for each other here, and the second finds the token gone.
    await stores.instance.lock('update');
    if ((await stores.instance.findSetupToken()) !== hash || (await stores.accounts.hasAdmin()))
      throw wrongToken();
    await stores.instance.setSetupToken(null);
    const entries = await insertAccount(stores, { account, passwordHash });
    if (entries === null)
      throw new DomainError('forbidden', { detail: 'This e-mail address has an account already.' });
    entries.push(
      ...(await grantAdmin(stores, account, now)),
      ...(await giveOwnProject(stores, account, now)),
    );
    return { value: null, entries };
  });
}

function wrongToken(): DomainError {
  return new DomainError('forbidden', {
    detail:
      'This set-up link was used, or a newer one is out. A start without an administrator prints a new one.',
  });
}
