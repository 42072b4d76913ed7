import type { AccountServices } from './account-services.ts';
import { accountSubject } from './account-subject.ts';
import type { Session, SignedIn } from './identity.ts';
import { selfCaller } from './self-caller.ts';

/** Gives the account that is signed in another name. */
export async function updateProfile(
  { context }: AccountServices,
  { account, authenticatedAt }: Session,
  { name }: { name: string },
): Promise<SignedIn> {
  const renamed = { ...account, name };
  await context.change(selfCaller(account, authenticatedAt), async ({ accounts }, now) => {
    const held = await accounts.hold(account.id);
    if (held === null || held.name === name) return { value: null, entries: [] };
    await accounts.setName(account.id, name, now);
    const privateDetail = { name: { before: held.name, after: name } };
    return {
      value: null,
      entries: [{ action: 'account.updated', ...accountSubject(renamed), privateDetail }],
    };
  });
  return renamed;
}
