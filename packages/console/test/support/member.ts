import type { Role } from '@keywright/contract';
import { expect } from 'vitest';
import { type Client, client } from '../../../server/test/support/client.ts';
import type { Installation, Person } from './installation.ts';

/** Makes an account by an invitation to the project, and signs in to it. */
export async function invite(at: Installation, person: Person, role: Role): Promise<Client> {
  const { link } = await at.admin.call('createInvitation', {
    params: { projectId: at.projectId },
    body: { email: person.email, role },
  });
  const token = link.split('#token=')[1] ?? '';
  const stranger = client(at.url, null, { Origin: at.url });
  const signedUp = await stranger.request('POST', '/api/auth/sign-up/email', {
    body: { ...person, invitationToken: token },
  });
  expect(signedUp.status, signedUp.text).toBe(200);
  const { email, password } = person;
  const signedIn = await stranger.request('POST', '/api/auth/sign-in/email', { body: { email, password } });
  expect(signedIn.status, signedIn.text).toBe(200);
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  return client(at.url, null, { Origin: at.url, Cookie: cookie });
}
