import type { Role } from '@keywright/contract';
import { expect } from 'vitest';
import type { Installation, Person } from './installation.ts';

/** An account of its own that joins a project by an invitation, as somebody with a browser would. */
export async function addPerson(
  { admin, url }: Installation,
  projectId: string,
  name: string,
  role: Role,
): Promise<Person & { id: string }> {
  const email = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '.')}@example.com`;
  const person = { name, email, password: 'a saddle, nine clouds and tea' };
  const { link } = await admin.call('createInvitation', { params: { projectId }, body: { email, role } });
  const invitationToken = new URLSearchParams(new URL(link).hash.slice(1)).get('token');
  const response = await fetch(`${url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { Origin: url, 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...person, invitationToken }),
  });
  expect(response.status, await response.text()).toBe(200);
  const { items } = await admin.call('listMembers', { params: { projectId }, query: { limit: 100 } });
  const id = items.find((member) => member.email === email)?.accountId;
  expect(id).toBeDefined();
  return { ...person, id: id ?? '' };
}
