import type { Role } from '@keywright/contract';
import { expect } from 'vitest';
import { browser, newPerson, post } from '../../../server/test/support/account.ts';
import { tokenOf } from '../../../server/test/support/membership.ts';
import type { Installation, Person } from './installation.ts';

/** Somebody with an account who came by an invitation to the project. */
export async function inviteMember(
  at: Installation,
  role: Role,
  fields: Partial<Person> = {},
): Promise<Person> {
  const person = newPerson(fields);
  const { link } = await at.admin.call('createInvitation', {
    params: { projectId: at.projectId },
    body: { email: person.email, role },
  });
  const answer = await post(browser(at.url), '/sign-up/email', {
    ...person,
    invitationToken: tokenOf(link),
  });
  expect(answer.status, answer.text).toBe(200);
  return person;
}
