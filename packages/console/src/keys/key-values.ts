import { type updateKeyBody as Body, type Key, type UpdateKeyBody, updateKeyBody } from '@keywright/contract';
import type { z } from 'zod';
import { sentence } from '../sign-in/form.tsx';
import type { Translate } from '../text/text.tsx';
import { endOfDay, toDateInput } from '../text/times.ts';
import { words } from './words.ts';

/** What can be changed of a key, as it stands in the fields. */
export interface KeyValues {
  name: string;
  description: string;
  ownerId: string;
  /** A day in the browser's zone; empty: never. */
  date: string;
  scopes: string;
  ipAllow: string;
  metadata: string;
  rateLimits: { name: string; limit: string; windowSeconds: string }[];
  quota: { period: 'none' | 'day' | 'month' | 'total'; limit: string };
}

type KeyPatch = z.input<typeof Body>;

/** Something is wrong with a field: `rateLimits.0.limit`. */
export interface FieldFault {
  field: string;
  message: string;
}

export function toValues(k: Key): KeyValues {
  return {
    name: k.name,
    description: k.description ?? '',
    ownerId: k.ownerId ?? '',
    date: k.expiresAt === null ? '' : toDateInput(k.expiresAt),
    scopes: k.scopes.join(' '),
    ipAllow: k.ipAllow.join(' '),
    metadata: Object.keys(k.metadata).length === 0 ? '' : JSON.stringify(k.metadata, null, 2),
    rateLimits: k.rateLimits.map(({ name, limit, windowSeconds }) => ({
      name,
      limit: String(limit),
      windowSeconds: String(windowSeconds),
    })),
    quota: { period: k.quota?.period ?? 'none', limit: k.quota ? String(k.quota.limit) : '' },
  };
}

/** What has to be sent so that the key becomes what the fields say: only what differs, checked by the contract's schema. */
export function readPatch(
  t: Translate,
  before: KeyValues,
  now: KeyValues,
): { patch: KeyPatch } | { faults: FieldFault[] } {
  const differs = (field: keyof KeyValues) => JSON.stringify(before[field]) !== JSON.stringify(now[field]);
  const patch: KeyPatch = {
    ...(differs('name') && { name: now.name }),
    ...(differs('description') && { description: now.description.trim() || null }),
    ...(differs('ownerId') && { ownerId: now.ownerId.trim() || null }),
    ...(differs('date') && { expiresAt: now.date === '' ? null : endOfDay(now.date) }),
    ...(differs('scopes') && { scopes: words(now.scopes) }),
    ...(differs('ipAllow') && { ipAllow: words(now.ipAllow) }),
    ...(differs('rateLimits') && {
      rateLimits: now.rateLimits.map(({ name, limit, windowSeconds }) => ({
        name: name.trim(),
        limit: toNumber(limit),
        windowSeconds: toNumber(windowSeconds),
      })),
    }),
    ...(differs('quota') && {
      quota:
        now.quota.period === 'none' ? null : { period: now.quota.period, limit: toNumber(now.quota.limit) },
    }),
  };
  const faults: FieldFault[] = [];
  if (differs('metadata')) {
    try {
      patch.metadata =
        now.metadata.trim() === '' ? {} : (JSON.parse(now.metadata) as UpdateKeyBody['metadata'] & object);
    } catch (error) {
      faults.push({
        field: 'metadata',
        message: t('keySettings.notJson', { reason: error instanceof Error ? error.message : '' }),
      });
    }
  }
  const { error } = updateKeyBody.safeParse(patch);
  for (const issue of error?.issues ?? []) {
    faults.push({ field: fieldOf(issue.path), message: explainIssue(t, issue) });
  }
  return faults.length > 0 ? { faults } : { patch };
}

/** Where the form shows what the API says of a path: of a list of words the whole, of limits the very cell. */
export function fieldOf(path: readonly PropertyKey[]): string {
  const [first, ...rest] = path.map(String);
  if (first === 'expiresAt') return 'date';
  const isWhole = first === 'scopes' || first === 'ipAllow' || first === 'metadata';
  return isWhole || first === undefined ? String(first) : [first, ...rest].join('.');
}

function explainIssue(t: Translate, issue: z.core.$ZodIssue): string {
  const isNumber = issue.path.at(-1) === 'limit' || issue.path.at(-1) === 'windowSeconds';
  if (isNumber && issue.code === 'too_small') return t('field.least', { count: Number(issue.minimum) });
  if (isNumber && issue.code === 'too_big') return t('field.most', { count: Number(issue.maximum) });
  if (isNumber) return t('field.wholeNumber');
  return sentence(issue.message);
}

/** NaN for what is no whole number: the schema refuses it. */
function toNumber(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
}
