import type { Propagation } from '@keywright/contract';
import { type Caller, systemCaller } from '../domain/caller.ts';
import type { Context, Stores } from '../domain/context.ts';
import { DomainError, notFound } from '../domain/error.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import { takeBackInvitations } from '../members/member-rules.ts';
import type { StoredMember } from '../members/member-store.ts';
import { releaseKeys } from '../members/release-keys.ts';
import type { StoredProject } from '../projects/project-store.ts';
import { authorizePerson } from './account-rules.ts';
import { accountSubject } from './account-subject.ts';
import { requireRecentProof } from './recent-proof.ts';
import { requireAdmin } from './update-account.ts';

/**
 * Erases a person: its keys are revoked in all projects, its account, sessions and memberships are deleted, and so is
 * what tells its name, its address or where its keys were used. The ledger goes on: it keeps the id of the account, which
 * nothing belongs to any more, and its chain still checks. Keys that are to live on are transferred before.
 * @throws not_found, forbidden, unauthenticated without a recent proof of the password, last_owner when a project, or the instance, would be left to nobody
 */
export async function eraseAccount(
  context: Context,
  caller: Caller,
  accountId: string,
): Promise<Propagation> {
  authorizePerson(caller, accountId);
  requireRecentProof(caller, context.clock.now());
  // What tells of it must not bring the name back.
  const actor: Caller = caller.id === accountId ? { ...caller, name: null } : caller;
  const { seq } = await context.change(
    actor,
    async (stores, now) => {
      const memberships = await stores.members.lockOfAccount(accountId);
      const account = await stores.accounts.hold(accountId);
      if (account === null) throw notFound('account');
      const places = await lockPlaces(stores, memberships);
      await requireOtherOwners(stores, places);
      const entries: LedgerEntry[] = [];
      for (const place of places) entries.push(...(await leave(stores, place, now)));
      const wasAdmin = await stores.accounts.revokeAdmin(accountId);
      if (wasAdmin) await requireAdmin(stores);
      await stores.personalData.erase(account, now);
      const subject = accountSubject({ id: accountId, name: null });
      return { value: null, entries: [...entries, { action: 'account.erased', ...subject }] };
    },
    { lockFirst: ({ members }) => members.lockAll() },
  );
  const propagation = await context.barrier(seq);
  await forgetLastUse(context, accountId);
  await context.scrub();
  return propagation;
}

/** What was counted until the keys died is written only now. The account that asked may be gone by this time. */
async function forgetLastUse(context: Context, accountId: string): Promise<void> {
  await context.flushUsage();
  await context.change(systemCaller, async ({ personalData }) => {
    await personalData.eraseUse(accountId);
    return { value: null, entries: [] };
  });
}

interface Place {
  project: StoredProject;
  member: StoredMember;
}

/** The memberships in projects that are not deleted, with these projects held. */
async function lockPlaces(stores: Stores, memberships: StoredMember[]): Promise<Place[]> {
  const places: Place[] = [];
  for (const member of memberships) {
    const project = await stores.projects.lock(member.projectId, 'share');
    if (project !== null) places.push({ project, member });
  }
  return places;
}

/** @throws last_owner */
async function requireOtherOwners({ members }: Stores, places: Place[]): Promise<void> {
  const alone: string[] = [];
  for (const { project, member } of places) {
    if (member.role !== 'owner' || (await members.countOwners(project.id)) > 1) continue;
    alone.push(`"${project.name}" (${project.id})`);
  }
  if (alone.length === 0) return;
  throw new DomainError('last_owner', {
    detail: `This is the only owner of ${alone.join(', ')}. Make another member owner there, or delete the project, first.`,
  });
}

async function leave(stores: Stores, { project, member }: Place, now: number): Promise<LedgerEntry[]> {
  const { accountId, role } = member;
  const to = { reason: 'owner_erased' as const };
  const keys = await releaseKeys(stores, project, { from: accountId, to, now });
  return [
    ...keys.map(({ subject, ...entry }) => ({ ...entry, subject: { ...subject, name: null } })),
    ...(await takeBackInvitations(stores, project.id, accountId)),
    {
      action: 'member.removed',
      ...accountSubject({ id: accountId, name: null }, project.id),
      detail: { role, reason: 'erased' },
    },
  ];
}
