import type { LedgerRow } from '@keywright/contract';
import type { Loss, Step } from './losses.ts';

interface Change {
  before: unknown;
  after: unknown;
}

/**
 * What changes of a key's fields took from it, all in all: a scope that went and came back is no cut.
 * @param rows the changes of one key, in order
 * @param now in milliseconds since 1970
 */
export function findCuts(rows: readonly LedgerRow[], now: number): Loss[] {
  const cuts = new Map<Field, { change: Change | null; row: LedgerRow }>();
  for (const field of fields) {
    const touching = rows.filter(({ detail }) => changedFields(detail).includes(field));
    const last = touching.at(-1);
    if (last === undefined) continue;
    const change = sum(touching, field);
    if (change === null || isCut[field](change)) cuts.set(field, { change, row: last });
  }
  const row = [...cuts.values()].map((cut) => cut.row).sort((a, b) => b.seq - a.seq)[0];
  if (row === undefined) return [];
  const erased = [...cuts].filter(([, { change }]) => change === null).map(([field]) => names[field]);
  return [
    {
      row,
      what: `cut: ${[...cuts.keys()].map((field) => names[field]).join(', ')}`,
      steps: stepsFor(row.subject.id, cuts, now),
      rest:
        erased.length === 0 ? null : `What became of its ${erased.join(', ')} was erased from the ledger.`,
    },
  ];
}

const fields = ['expiresAt', 'scopes', 'ipAllow', 'rateLimits', 'quota'] as const;
type Field = (typeof fields)[number];

const names: Readonly<Record<Field, string>> = {
  expiresAt: 'expiry',
  scopes: 'scopes',
  ipAllow: 'addresses',
  rateLimits: 'rate limits',
  quota: 'quota',
};

function changedFields(detail: LedgerRow['detail']): unknown[] {
  return Array.isArray(detail.fields) ? detail.fields : [];
}

/** From what it was before the first of the changes to what it is after the last one; null when that was erased. */
function sum(rows: readonly LedgerRow[], field: Field): Change | null {
  const [first, last] = [rows.at(0)?.detail[field], rows.at(-1)?.detail[field]];
  if (!isChange(first) || !isChange(last)) return null;
  return { before: first.before, after: last.after };
}

function isChange(value: unknown): value is Change {
  return typeof value === 'object' && value !== null && 'before' in value && 'after' in value;
}

const isCut: Readonly<Record<Field, (change: Change) => boolean>> = {
  expiresAt: ({ before, after }) =>
    typeof after === 'string' && (typeof before !== 'string' || Date.parse(after) < Date.parse(before)),
  scopes: ({ before, after }) => list(before).some((scope) => !list(after).includes(scope)),
  // None at all: every address.
  ipAllow: ({ before, after }) =>
    list(after).length > 0 &&
    (list(before).length === 0 || list(before).some((address) => !list(after).includes(address))),
  rateLimits: ({ before, after }) => list(after).some((limit) => !list(before).some(isAsStrictAs(limit))),
  quota: ({ before, after }) =>
    isQuota(after) && (!isQuota(before) || after.limit < before.limit || after.period !== before.period),
};

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

interface RateLimit {
  limit: number;
  windowSeconds: number;
}

function isAsStrictAs(limit: unknown): (other: unknown) => boolean {
  const wanted = limit as RateLimit;
  return (other) => {
    const { limit, windowSeconds } = other as RateLimit;
    return windowSeconds === wanted.windowSeconds && limit <= wanted.limit;
  };
}

function isQuota(value: unknown): value is { limit: number; period: string } {
  return typeof value === 'object' && value !== null && 'limit' in value && 'period' in value;
}

/** Sets the fields once more. An expiry that has passed cannot be set any more; the key is switched off instead. */
function stepsFor(keyId: string, cuts: ReadonlyMap<Field, { change: Change | null }>, now: number): Step[] {
  const body: Record<string, unknown> = {};
  const steps: Step[] = [];
  for (const [field, { change }] of cuts) {
    if (change === null) continue;
    const hasPassed = field === 'expiresAt' && Date.parse(String(change.after)) <= now;
    if (hasPassed) steps.push({ name: 'deactivateKey', params: { keyId }, body: {} });
    else body[field] = change.after;
  }
  if (Object.keys(body).length > 0) steps.push({ name: 'updateKey', params: { keyId }, body });
  return steps;
}
