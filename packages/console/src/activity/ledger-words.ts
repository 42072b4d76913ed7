import type { LedgerRow, Role } from '@keywright/contract';
import { getCatalogue } from '../text/catalogue.ts';
import type { TextKey, Translate } from '../text/text.tsx';

const sentencePrefix = 'ledger.do.';
/** Of what somebody did to oneself. */
const selfPrefix = 'ledger.self.';
const namePrefix = 'ledger.action.';

/** All that it has words for. The contract's own list would bring the schemas along. */
export function listKnownActions(): readonly LedgerRow['action'][] {
  return Object.keys(getCatalogue())
    .filter((key) => key.startsWith(namePrefix))
    .map((key) => key.slice(namePrefix.length)) as LedgerRow['action'][];
}

const visible: Readonly<Record<Role, RegExp>> = {
  owner: /^(?!account\.|instance\.)/,
  operator: /^(key|channel)\./,
  member: /^key\./,
};

/** What can stand in a project's part of the ledger, as far as a role sees it. */
export function actionsFor(role: Role): readonly LedgerRow['action'][] {
  return listKnownActions().filter((action) => visible[role].test(action));
}

interface SentenceParts {
  /** One of the ledger's, or of a newer server's. */
  action: string;
  actor: { id: string | null };
  subject: { id: string | null };
}

/** A sentence with places for `{actor}` and `{subject}`. An action of a newer server is said by its name. */
export function sentenceOf(t: Translate, { action, actor, subject }: SentenceParts): string {
  const self = `${selfPrefix}${action}`;
  if (actor.id === subject.id && isKnown(self)) return t(self);
  const key = `${sentencePrefix}${action}`;
  return isKnown(key) ? t(key) : t('ledger.doUnknown', { action });
}

/** What an action is called: "Key revoked". */
export function nameOfAction(t: Translate, action: string): string {
  const key = `${namePrefix}${action}`;
  return isKnown(key) ? t(key) : action;
}

function isKnown(key: string): key is TextKey {
  return Object.hasOwn(getCatalogue(), key);
}

/** Who or what it is; what a person was erased from has no name any more. */
export function nameOf(t: Translate, who: LedgerRow['actor'] | LedgerRow['subject']): string {
  if (who.type === 'system') return t('ledger.system');
  if (who.type === 'instance') return t('ledger.instance');
  return who.name ?? t('ledger.erased');
}

/** What else is worth a line: the reason, the role, what was changed. */
export function remarksOn(t: Translate, { action, detail }: LedgerRow): string[] {
  const remarks: string[] = [];
  const { reason, role, fields, overlapSeconds } = detail;
  if (typeof reason === 'string') remarks.push(t('ledger.reason', { reason: sayReason(t, reason) }));
  if (typeof role === 'string') remarks.push(t('ledger.role', { role: sayRole(t, role) }));
  if (isChange(role)) {
    remarks.push(t('ledger.roleChange', { before: sayRole(t, role.before), after: sayRole(t, role.after) }));
  }
  if (Array.isArray(fields)) {
    remarks.push(
      t('ledger.fields', { fields: fields.map((field) => sayField(t, String(field))).join(', ') }),
    );
  }
  const name = detail.name;
  if (action === 'key.updated' && isChange(name)) {
    remarks.push(t('ledger.renamed', { before: String(name.before), after: String(name.after) }));
  }
  if (typeof overlapSeconds === 'number') {
    remarks.push(overlapSeconds === 0 ? t('ledger.noOverlap') : sayOverlap(t, overlapSeconds));
  }
  return remarks;
}

function isChange(value: unknown): value is { before: unknown; after: unknown } {
  return typeof value === 'object' && value !== null && 'before' in value && 'after' in value;
}

function sayReason(t: Translate, reason: string): string {
  const key = `ledger.reason.${reason}`;
  return isKnown(key) ? t(key) : reason;
}

function sayRole(t: Translate, role: unknown): string {
  const key = `ledger.role.${String(role)}`;
  return isKnown(key) ? t(key) : String(role);
}

function sayField(t: Translate, field: string): string {
  const key = `ledger.field.${field}`;
  return isKnown(key) ? t(key) : field;
}

function sayOverlap(t: Translate, seconds: number): string {
  const hours = Math.round(seconds / 360) / 10;
  return t('ledger.overlap', { count: hours, hours });
}
