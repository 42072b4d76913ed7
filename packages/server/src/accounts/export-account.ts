import type { AccountExportHead, ExportedKey, LedgerRow } from '@keywright/contract';
import type { Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { formatTime } from '../domain/time.ts';
import { viewKey } from '../keys/view.ts';
import { scanLedger } from '../ledger/export-ledger.ts';
import { viewLedgerRow } from '../ledger/list-ledger.ts';
import { viewInvitation } from '../members/member-rules.ts';
import { authorizePerson, viewAccount } from './account-rules.ts';
import { viewPasskey } from './get-security.ts';

interface AccountExport {
  head: AccountExportHead;
  keys: AsyncIterable<ExportedKey>;
  ledger: AsyncIterable<LedgerRow>;
}

/**
 * All that is kept about a person, without secrets. Keys and ledger come in portions, since they may be many.
 * @throws not_found, forbidden
 */
export async function exportAccount(
  context: Context,
  caller: Caller,
  accountId: string,
): Promise<AccountExport> {
  authorizePerson(caller, accountId);
  const { stores } = context;
  const account = await stores.accounts.findRow(accountId);
  if (account === null) throw notFound('account');
  const { email } = account;
  await context.flushUsage();
  const [memberships, sessions, links, secondFactor, passkeys, invitations, origins, refusals] =
    await Promise.all([
      stores.personalData.memberships(accountId),
      // Those that have expired too, as long as they are kept.
      stores.accounts.listSessions(accountId, 0),
      stores.links.list(accountId),
      stores.secondFactors.find(accountId),
      stores.passkeys.list(accountId),
      stores.personalData.invitations(email),
      stores.personalData.origins(accountId),
      stores.personalData.refusals(accountId),
    ]);
  return {
    head: {
      account: viewAccount(account),
      memberships: memberships.map((one) => ({ ...one, joinedAt: formatTime(one.joinedAt) })),
      sessions: sessions.map(({ createdAt, expiresAt, ipAddress, userAgent }) => ({
        createdAt: formatTime(createdAt),
        expiresAt: formatTime(expiresAt),
        ipAddress,
        userAgent,
      })),
      links: links.map((one) => ({
        purpose: one.purpose,
        email: one.email,
        createdAt: formatTime(one.createdAt),
        expiresAt: formatTime(one.expiresAt),
      })),
      secondFactor: { isOn: secondFactor?.isOn === true, since: formatTime(secondFactor?.since ?? null) },
      passkeys: passkeys.map(viewPasskey),
      invitations: invitations.map((one) => ({ ...viewInvitation(one), projectId: one.projectId })),
      origins: origins.map((one) => ({ ...one, lastAt: formatTime(one.lastAt) })),
      refusals: refusals.map((one) => ({ ...one, at: formatTime(one.at) })),
    },
    keys: keysOf(context, accountId),
    ledger: ledgerAbout(context, { id: accountId, email }),
  };
}

const keysPerRead = 200;

async function* keysOf({ stores, clock, holdings }: Context, accountId: string): AsyncGenerator<ExportedKey> {
  for (let after = ''; ; ) {
    const now = clock.now();
    const rows = await stores.personalData.keys(accountId, after, keysPerRead, now);
    for (const row of rows) yield { ...viewKey(row, now, holdings), deletedAt: formatTime(row.deletedAt) };
    const last = rows.at(-1);
    if (last === undefined || rows.length < keysPerRead) return;
    after = last.id;
  }
}

async function* ledgerAbout(
  { stores }: Context,
  about: { id: string; email: string },
): AsyncGenerator<LedgerRow> {
  for await (const row of scanLedger(stores.ledger, { about })) yield viewLedgerRow(row);
}
