import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { type Answer, type Client, client } from './client.ts';
import type { Installation } from './installation.ts';
import type { RunningService } from './running-service.ts';

/** An account that is signed in, as its browser: with the session's cookie and the `Origin` of the server's own pages. */
export interface AccountClient extends Client {
  id: string;
  name: string;
  email: string;
  password: string;
  /** `name=value`. */
  cookie: string;
}

export interface Person {
  name: string;
  email: string;
  password: string;
}

let count = 0;

/** Somebody whom no other test knows. */
export function newPerson(fields: Partial<Person> = {}): Person {
  count++;
  const email = `person-${count}-${randomBytes(4).toString('hex')}@example.com`;
  return { name: `Person ${count}`, email, password: 'a lamp beside the sea', ...fields };
}

/** A page of the server's own, in a browser that nobody signed in with; from an address of its own. */
export function browser(url: string, headers: Record<string, string> = {}): Client {
  return client(url, null, { Origin: url, 'X-Forwarded-For': newAddress(), ...headers });
}

/** One that no other test comes from, so that none has to wait for what others did. */
export function newAddress(): string {
  return `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}::1`;
}

export function post(from: Client, path: string, body: unknown = {}): Promise<Answer> {
  return from.request('POST', `/api/auth${path}`, { body });
}

/** Signs in to an account that there is. */
export async function signIn(
  url: string,
  { email, password }: Pick<Person, 'email' | 'password'>,
): Promise<AccountClient> {
  const answer = await post(browser(url), '/sign-in/email', { email, password });
  expect(answer.status, answer.text).toBe(200);
  const { account } = answer.json as { account: { id: string; name: string; email: string } };
  const cookie = cookieOf(answer);
  return { ...browser(url, { Cookie: cookie }), ...account, password, cookie };
}

/** The session's cookie as a browser sends it back. */
export function cookieOf({ headers }: Answer): string {
  const [cookie] = headers.getSetCookie();
  if (cookie === undefined) throw new Error('the answer sets no cookie');
  return cookie.split(';', 1)[0] ?? '';
}

/** What the link holds that a service without an administrator printed at its start. */
export function setupTokenOf(service: RunningService): string {
  const token = /\/setup#token=([\w-]+)/.exec(service.logs())?.[1];
  if (token === undefined) throw new Error(`no set-up link was printed:\n${service.logs()}`);
  return token;
}

const administrators = new Map<string, Promise<AccountClient>>();

/** The first administrator of an installation, made by the set-up link; the same for all tests of a service. */
export function administrator(at: Installation): Promise<AccountClient> {
  let made = administrators.get(at.url);
  if (made === undefined) {
    made = setUp(at);
    administrators.set(at.url, made);
  }
  return made;
}

async function setUp(at: Installation): Promise<AccountClient> {
  const person = newPerson({ name: 'Administrator' });
  const answer = await post(browser(at.url), '/setup', { ...person, token: setupTokenOf(at.service) });
  expect(answer.status, answer.text).toBe(200);
  await at.admin.call('updateInstance', { body: { signup: 'open' } });
  return signIn(at.url, person);
}

/** Makes an account with a project of its own, in which it is the owner, and signs in to it. */
export async function signUp(at: Installation, fields: Partial<Person> = {}): Promise<AccountClient> {
  await administrator(at);
  const person = newPerson(fields);
  const answer = await post(browser(at.url), '/sign-up/email', person);
  expect(answer.status, answer.text).toBe(200);
  return signIn(at.url, person);
}
