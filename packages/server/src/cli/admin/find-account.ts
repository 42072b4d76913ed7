import { type AccountRecord, maxPageLimit } from '@keywright/contract';
import type { AnswerOf, Api } from '../connection/api.ts';
import { UsageError } from '../usage-error.ts';

/**
 * The account that has this e-mail address. Others may have it in their names, or as a part of their own.
 * @throws UsageError when there is none
 */
export async function findAccount(api: Api, email: string): Promise<AccountRecord> {
  const wanted = email.trim().toLowerCase();
  let cursor: string | null = null;
  do {
    const query: Record<string, string | number | undefined> = {
      search: wanted,
      limit: maxPageLimit,
      cursor: cursor ?? undefined,
    };
    const { items, page }: AnswerOf<'listAccounts'> = await api.call('listAccounts', { query });
    const found = items.find((account) => account.email === wanted);
    if (found !== undefined) return found;
    cursor = page.next;
  } while (cursor !== null);
  throw new UsageError('No account has this e-mail address.');
}
