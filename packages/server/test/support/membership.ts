import type { Role } from '@keywright/contract';
import { expect } from 'vitest';
import { type AccountClient, signUp } from './account.ts';
import type { Installation } from './installation.ts';

/** Makes an account a member of a project, by an invitation. */
export async function join(
  at: Installation,
  who: AccountClient,
  projectId: string,
  role: Role,
): Promise<AccountClient> {
  const { link } = await at.admin.call('createInvitation', {
    params: { projectId },
    body: { email: who.email, role },
  });
  await who.call('acceptInvitation', { body: { token: tokenOf(link) } });
  return who;
}

/** What a link of an invitation ends with. */
export function tokenOf(link: string): string {
  const [, token] = link.split('#token=');
  expect(token, link).toMatch(/^[\w-]{43}$/);
  return token ?? '';
}

/** An account that is a member of nothing, and so can be erased. */
export async function newcomer(at: Installation): Promise<AccountClient> {
  const who = await signUp(at);
  for (const { id } of (await who.call('listProjects')).items)
    await who.call('deleteProject', { params: { projectId: id } });
  return who;
}

const passers = new Map<string, Promise<AccountClient>>();

/** Somebody with an account, the same for all tests of a service: for tests that do nothing to the account itself. */
export function somebody(at: Installation): Promise<AccountClient> {
  let known = passers.get(at.url);
  if (known === undefined) {
    known = signUp(at);
    passers.set(at.url, known);
  }
  return known;
}
