import type { EndpointName, LedgerAction, LedgerRow } from '@keywright/contract';
import type { StoredLedgerRow } from './entry.ts';
import { findCuts } from './key-cuts.ts';
import { viewLedgerRow } from './list-ledger.ts';
import { findMemberLoss } from './member-losses.ts';

/** A call of the contract that takes power away once more. */
export interface Step {
  name: EndpointName;
  params: Record<string, string>;
  query?: Record<string, string>;
  body?: object;
}

/** A change that took power away, and that an older database knows nothing of. */
export interface Loss {
  row: LedgerRow;
  /** What it did, in a word or two. */
  what: string;
  /** How to do it again; none for what only a person can do. */
  steps: Step[];
  /** What remains when the steps are done, as a sentence; null when nothing does. */
  rest: string | null;
}

/**
 * Finds, among the changes that were made after a database was copied, what took power away: with the copy in place,
 * that power is back. Only what was still so at the end is told, and only of what the copy has.
 */
export class LossFinder {
  readonly #created = new Set<string>();
  readonly #losses = new Map<string, Loss[]>();
  /** Of what only counts in sum. */
  readonly #summed = new Map<string, LedgerRow[]>();

  /** Takes the rows in their order, from the first one that the copy does not have. */
  add(stored: StoredLedgerRow): void {
    const row = viewLedgerRow(stored);
    const id = identify(row);
    const { action } = row;
    if (creating.has(action) && !this.#losses.has(id)) this.#created.add(id);
    if (this.#created.has(id)) return;
    if (/^member\.|^key\.updated$|^instance\.updated$/.test(action)) {
      this.#summed.set(id, [...(this.#summed.get(id) ?? []), row]);
      return;
    }
    const known = this.#losses.get(id) ?? [];
    const undone = undoneBy[action];
    const kept = known.filter(
      ({ row: { action: former } }) => former !== undone && !isRepeated(former, action),
    );
    const loss = describe(row);
    const all = loss === null ? kept : [...kept, loss];
    if (all.length > 0) this.#losses.set(id, all);
    else this.#losses.delete(id);
  }

  /**
   * @param now in milliseconds since 1970: what has expired by now is switched off, since a past expiry cannot be set
   * @returns oldest first
   */
  losses(now: number): Loss[] {
    const all = [...this.#losses.values()].flat();
    for (const rows of this.#summed.values()) all.push(...sumUp(rows, now));
    const dead = new Set(all.filter(({ row }) => deadly.has(row.action)).map(({ row }) => row.subject.id));
    return all
      .map((loss) => (isMoot(loss, dead) ? { ...loss, rest: null } : loss))
      .sort((a, b) => a.row.seq - b.row.seq);
  }
}

function sumUp(rows: readonly LedgerRow[], now: number): Loss[] {
  const kind = rows[0]?.subject.type;
  if (kind === 'key') return findCuts(rows, now);
  return kind === 'instance' ? findSignupLoss(rows) : findMemberLoss(rows);
}

const signups = ['closed', 'invite', 'open'];

/** Whether fewer people may sign up than before. */
function findSignupLoss(rows: readonly LedgerRow[]): Loss[] {
  const changes = rows.filter(({ detail }) => detail.signup !== undefined);
  const [first, last] = [changes.at(0)?.detail.signup, changes.at(-1)?.detail.signup] as (
    | { before: string; after: string }
    | undefined
  )[];
  const row = changes.at(-1);
  if (row === undefined || signups.indexOf(String(last?.after)) >= signups.indexOf(String(first?.before)))
    return [];
  const steps: Step[] = [{ name: 'updateInstance', params: {}, body: { signup: last?.after } }];
  return [{ row, what: 'sign-up narrowed', steps, rest: null }];
}

/** A member is the account in the one project. */
function identify({ action, subject, projectId }: LedgerRow): string {
  return action.startsWith('member.')
    ? `${projectId} ${subject.id}`
    : `${action.split('.')[0]} ${subject.id}`;
}

const creating: ReadonlySet<LedgerAction> = new Set<LedgerAction>([
  'project.created',
  'channel.created',
  'key.created',
  'key.imported',
  'service_key.created',
  'invitation.created',
  'account.created',
]);

/** What makes another change as if it had not been. */
const undoneBy: Partial<Record<LedgerAction, LedgerAction>> = {
  'key.activated': 'key.deactivated',
  'account.admin_granted': 'account.admin_revoked',
  'account.second_factor_off': 'account.second_factor_on',
};

/** Of changes that only count by the last one, that one is told. */
function isRepeated(former: LedgerAction, action: LedgerAction): boolean {
  return former === action && /rotated$|password_changed$|email_changed$|backup_codes_renewed$/.test(action);
}

/** After these nothing that was before matters any more. */
const deadly: ReadonlySet<LedgerAction> = new Set<LedgerAction>([
  'key.revoked',
  'key.deleted',
  'service_key.deleted',
  'project.deleted',
  'account.erased',
]);

function isMoot({ row }: Loss, dead: ReadonlySet<string>): boolean {
  return dead.has(row.subject.id) || (row.projectId !== null && dead.has(row.projectId));
}

type Description = Omit<Loss, 'row'>;

function describe(row: LedgerRow): Loss | null {
  // A later version may have written what this one does not know.
  const known = descriptions[row.action] as (typeof descriptions)[LedgerAction] | undefined;
  return known ? { row, ...known(row) } : null;
}

/** What each change takes away. Null: nothing, or only in sum with others (see `sumUp`). */
const descriptions: Readonly<Record<LedgerAction, ((row: LedgerRow) => Description) | null>> = {
  'key.revoked': ({ subject: { id: keyId }, detail }) => ({
    what: 'revoked',
    steps: [{ name: 'revokeKey', params: { keyId }, body: { reason: detail.reason ?? null } }],
    rest: null,
  }),
  'key.deactivated': ({ subject: { id: keyId } }) => ({
    what: 'switched off',
    steps: [{ name: 'deactivateKey', params: { keyId }, body: {} }],
    rest: null,
  }),
  'key.deleted': ({ subject: { id: keyId } }) => ({
    what: 'deleted',
    steps: [{ name: 'deleteKey', params: { keyId } }],
    rest: null,
  }),
  'key.previous_retired': ({ subject: { id: keyId } }) => ({
    what: 'old secret ended',
    steps: [{ name: 'retirePreviousSecret', params: { keyId }, body: {} }],
    rest: null,
  }),
  // A rotation ends what was in its overlap. The secret that it replaced is the current one again.
  'key.rotated': ({ subject: { id: keyId } }) => ({
    what: 'rotated',
    steps: [{ name: 'retirePreviousSecret', params: { keyId }, body: {} }],
    rest: 'The secret from before the rotation works again, the one from after it does not: rotate it anew.',
  }),
  'service_key.rotated': () => ({
    what: 'rotated',
    steps: [],
    rest: 'The secret from before the rotation works again, the one from after it does not: rotate it anew.',
  }),
  'service_key.deleted': ({ subject: { id: serviceKeyId } }) => ({
    what: 'revoked',
    steps: [{ name: 'deleteServiceKey', params: { serviceKeyId } }],
    rest: null,
  }),
  'channel.deleted': ({ subject: { id: channelId } }) => ({
    what: 'deleted',
    steps: [{ name: 'deleteChannel', params: { channelId } }],
    rest: null,
  }),
  'project.deleted': ({ subject: { id: projectId } }) => ({
    what: 'deleted',
    steps: [{ name: 'deleteProject', params: { projectId } }],
    rest: null,
  }),
  'invitation.deleted': ({ subject: { id: invitationId }, projectId }) => ({
    what: 'taken back',
    steps: [{ name: 'deleteInvitation', params: { projectId: projectId ?? '', invitationId } }],
    rest: null,
  }),
  // Its link would work again, also for who was a member since, and was removed.
  'invitation.accepted': ({ subject: { id: invitationId }, projectId }) => ({
    what: 'used up',
    steps: [{ name: 'deleteInvitation', params: { projectId: projectId ?? '', invitationId } }],
    rest: 'Who became a member by it is none in the backup: if that shall be so again, invite anew.',
  }),
  'account.admin_revoked': ({ subject: { id: accountId } }) => ({
    what: 'no longer administrator',
    steps: [{ name: 'updateAccount', params: { accountId }, body: { isInstanceAdmin: false } }],
    rest: null,
  }),
  'account.password_changed': () => ({
    what: 'password changed',
    steps: [],
    rest: 'The former password is good again: have it changed.',
  }),
  'account.email_changed': () => ({
    what: 'e-mail address changed',
    steps: [],
    rest: 'The former e-mail address is that of the account again: have it changed.',
  }),
  'account.second_factor_on': () => ({
    what: 'second factor turned on',
    steps: [],
    rest: 'The password alone, or a former app, signs in again: have the second factor turned on anew.',
  }),
  'account.backup_codes_renewed': () => ({
    what: 'backup codes renewed',
    steps: [],
    rest: 'The former backup codes are good again: have them renewed.',
  }),
  'account.passkey_removed': () => ({
    what: 'passkey removed',
    steps: [],
    rest: 'The passkey signs in again: have it removed.',
  }),
  // Who asked to be forgotten is in the older database again.
  'account.erased': ({ subject: { id: accountId } }) => ({
    what: 'erased',
    steps: [{ name: 'eraseAccount', params: { accountId } }],
    rest: null,
  }),
  'project.created': null,
  'project.updated': null,
  'channel.created': null,
  'channel.updated': null,
  'key.created': null,
  'key.imported': null,
  'key.updated': null,
  'key.activated': null,
  'key.quota_reset': null,
  'service_key.created': null,
  'member.added': null,
  'member.updated': null,
  'member.removed': null,
  'invitation.created': null,
  'account.created': null,
  'account.updated': null,
  'account.second_factor_off': null,
  'account.passkey_added': null,
  'account.passkey_renamed': null,
  'account.admin_granted': null,
  'account.link_created': null,
  'instance.updated': null,
  // Whatever is restored, all sessions end.
  'instance.sessions_ended': null,
};
