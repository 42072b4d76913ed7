import { expect } from 'vitest';
import { type AccountClient, browser, cookieOf, post } from './account.ts';
import type { Answer, Client } from './client.ts';
import { AuthenticatorApp } from './totp.ts';

/** The account's app, with the second factor on. */
export async function turnOn(who: AccountClient): Promise<{ app: AuthenticatorApp; backupCodes: string[] }> {
  const begun = await post(who, '/two-factor/begin');
  expect(begun.status, begun.text).toBe(200);
  const app = new AuthenticatorApp((begun.json as { secret: string }).secret);
  const enabled = await post(who, '/two-factor/enable', { code: app.next() });
  expect(enabled.status, enabled.text).toBe(200);
  return { app, backupCodes: (enabled.json as { backupCodes: string[] }).backupCodes };
}

/** The first half of a sign-in: a browser in which it waits for the second factor. */
export async function beginSignIn(
  who: Pick<AccountClient, 'url' | 'email' | 'password'>,
  headers: Record<string, string> = {},
): Promise<Client> {
  const { email, password } = who;
  const answer = await post(browser(who.url, headers), '/sign-in/email', { email, password });
  expect(answer.status, answer.text).toBe(200);
  expect(answer.json).toEqual({ account: null, secondFactor: true });
  return browser(who.url, { Cookie: cookieOf(answer), ...headers });
}

/** The second half. */
export function sendCode(page: Client, code: string): Promise<Answer> {
  return post(page, '/sign-in/second-factor', { code });
}

export async function securityOf(who: Client): Promise<{
  twoFactor: { isOn: boolean; backupCodesLeft: number };
  passkeys: { id: string; name: string; createdAt: string; lastUsedAt: string | null }[];
  passkeysAvailable: boolean;
  passkeysUnavailableReason: string | null;
}> {
  const answer = await who.request('GET', '/api/auth/security');
  expect(answer.status, answer.text).toBe(200);
  return answer.json as Awaited<ReturnType<typeof securityOf>>;
}
