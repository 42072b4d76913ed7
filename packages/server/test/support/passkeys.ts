import { expect } from 'vitest';
import { type AccountClient, browser, cookieOf, post } from './account.ts';
import type { Authenticator, CreationOptions, RequestOptions } from './authenticator.ts';
import type { Answer, Client } from './client.ts';

/** The same server, at the name that browsers make passkeys for. */
export function atLocalhost(url: string): string {
  return url.replace('127.0.0.1', 'localhost');
}

/** What the page is asked with to make a passkey, and the page with the challenge's cookie. */
export async function askForNew(
  who: AccountClient,
): Promise<{ options: CreationOptions; page: Client; cookie: string }> {
  const answer = await post(who, '/passkey/register-options');
  expect(answer.status, answer.text).toBe(200);
  const { options } = answer.json as { options: CreationOptions };
  const cookie = cookieOf(answer);
  return { options, cookie, page: browser(who.url, { Cookie: `${who.cookie}; ${cookie}` }) };
}

/** Makes a passkey and has it kept. */
export async function addPasskey(
  who: AccountClient,
  authenticator: Authenticator,
  name = 'Phone',
): Promise<Answer> {
  const { options, page } = await askForNew(who);
  return post(page, '/passkey/register', { name, response: authenticator.create(options) });
}

/** What a page is asked with to sign somebody in, and the page with the challenge's cookie. */
export async function askForSignIn(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ options: RequestOptions; page: Client }> {
  const answer = await post(browser(url, headers), '/passkey/sign-in-options');
  expect(answer.status, answer.text).toBe(200);
  const { options } = answer.json as { options: RequestOptions };
  return { options, page: browser(url, { ...headers, Cookie: cookieOf(answer) }) };
}

export async function signInWith(authenticator: Authenticator, url: string): Promise<Answer> {
  const { options, page } = await askForSignIn(url);
  return post(page, '/passkey/sign-in', { response: authenticator.get(options) });
}
