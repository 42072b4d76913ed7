import { setUpBody } from '@keywright/contract';
import { systemCaller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { invalidField } from '../domain/error.ts';
import type { Secret } from '../keys/secret-format.ts';
import { draftAccount, giveOwnProject, grantAdmin, insertAccount } from './create-account.ts';
import { hashPassword } from './password-hash.ts';
import { checkPassword } from './password-rules.ts';

/**
 * Makes the administrator that the configuration names, if there is no account with this address. One that exists stays
 * as it is, its password too.
 * @throws validation_failed for a weak password
 */
export async function registerAdministrator(
  context: Context,
  { email, password }: { email: string; password: Secret },
): Promise<void> {
  if ((await context.stores.accounts.findByEmail(email)) !== null) return;
  const field = 'password';
  const parsed = setUpBody.shape.password.safeParse(password.reveal());
  if (!parsed.success) throw invalidField(field, parsed.error.issues[0]?.message ?? 'is not valid');
  const { name: instanceName } = await context.stores.instance.find();
  const name = email.split('@')[0] ?? email;
  await checkPassword(parsed.data, { field, email, name, instanceName });
  const passwordHash = await hashPassword(parsed.data);
  await context.change(systemCaller, async (stores, now) => {
    const { account } = draftAccount({ email, name }, now);
    await stores.instance.lock('update');
    const entries = await insertAccount(stores, { account, passwordHash });
    if (entries === null) return { value: null, entries: [] };
    await stores.instance.setSetupToken(null);
    entries.push(
      ...(await grantAdmin(stores, account, now)),
      ...(await giveOwnProject(stores, account, now)),
    );
    return { value: null, entries };
  });
}
