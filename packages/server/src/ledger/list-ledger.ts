import type { LedgerAction, LedgerRow, ListLedgerQuery, Page } from '@keywright/contract';
import {
  authorize,
  type Caller,
  isOperator,
  ownOnly,
  requireInstance,
  seesProject,
} from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { paginate } from '../domain/paginate.ts';
import { formatTime } from '../domain/time.ts';
import type { JsonObject, StoredLedgerRow } from './entry.ts';
import type { LedgerFilter } from './ledger-store.ts';
import type { LedgerBody, PrivatePart } from './row.ts';

/**
 * What happened, newest first: in a project, or (null) in the whole instance.
 * @throws not_found, forbidden, validation_failed for a cursor of another list
 */
export async function listLedger(
  context: Context,
  caller: Caller,
  projectId: string | null,
  { limit, cursor, ...query }: ListLedgerQuery,
): Promise<{ items: LedgerRow[]; page: Page }> {
  await authorizeLedger(context, caller, projectId);
  const filter = ledgerFilter(caller, projectId, query);
  const { items, page } = await paginate({
    limit,
    cursor,
    binding: ['ledger', filter],
    read: (slice) => context.stores.ledger.list(filter, slice),
    count: (max) => context.stores.ledger.count(filter, max),
    positionOf: (row) => ({ value: row.seq, id: '' }),
    sortedBy: 'number',
  });
  return { items: items.map(viewLedgerRow), page };
}

/**
 * The ledger of a deleted project stays readable to callers for the whole instance.
 * @throws not_found, forbidden
 */
export async function authorizeLedger(
  { stores }: Context,
  caller: Caller,
  projectId: string | null,
): Promise<void> {
  if (projectId === null) return requireInstance(caller, 'audit:read');
  authorize(caller, 'audit:read', projectId, 'project');
  if (seesProject(caller, null) && (await stores.ledger.count({ projectId }, 1)) === 0)
    throw notFound('project');
}

/** An operator reads of channels and keys, a member of its own keys. */
export function ledgerFilter(
  caller: Caller,
  projectId: string | null,
  query: Omit<ListLedgerQuery, 'limit' | 'cursor'>,
): LedgerFilter {
  if (projectId === null) return query;
  const filter = { ...query, projectId };
  const own = ownOnly(caller, projectId);
  if (own !== null) return { ...filter, keysOf: own };
  return isOperator(caller, projectId) ? { ...filter, subjectTypes: ['channel', 'key'] } : filter;
}

/** The row as the contract shows it; what was erased is missing from it. */
export function viewLedgerRow(row: StoredLedgerRow): LedgerRow {
  const body = JSON.parse(row.body) as LedgerBody;
  const hidden = row.private && (JSON.parse(row.private.json) as PrivatePart);
  const detail: JsonObject = { ...body.detail, ...hidden?.detail };
  return {
    seq: row.seq,
    at: formatTime(row.at),
    actor: { type: row.actorType, id: row.actorId, name: hidden?.actor ?? null } as LedgerRow['actor'],
    action: row.action as LedgerAction,
    projectId: row.projectId,
    subject: {
      type: row.subjectType,
      id: row.subjectId,
      name: hidden?.subject ?? null,
    } as LedgerRow['subject'],
    detail,
    hash: row.hash.toString('hex'),
  };
}
