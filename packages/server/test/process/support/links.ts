import { browser, post } from '../../support/account.ts';
import type { Client } from '../../support/client.ts';
import { tokenOf } from '../../support/membership.ts';

/** A link for a new password, made by an administrator. @returns its token */
export async function makePasswordLink(admin: Client, email: string): Promise<string> {
  const { items } = await admin.call('listAccounts', { query: { search: email } });
  const params = { accountId: items[0]?.id ?? '' };
  const { link } = await admin.call('createAccountLink', { params, body: { purpose: 'reset_password' } });
  return tokenOf(link);
}

/** Chooses a new password by a link. @returns the status of the answer */
export async function useLink(url: string, token: string): Promise<number> {
  const answer = await post(browser(url), '/reset-password', { token, password: 'a lamp under the sea' });
  return answer.status;
}
