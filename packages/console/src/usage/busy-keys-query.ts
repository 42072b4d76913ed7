import type { Key, Page, Usage } from '@keywright/contract';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { type UsageRange, usualBucket } from './spans.ts';
import { askFor } from './usage-queries.ts';

/** A key with what it was asked for. */
export interface BusyKey {
  k: Key;
  accepted: number;
  refused: number;
}

/** As many as an answer lists, and as many as can be counted by one question. */
const most = 100;
/** As many buckets as the API counts by one question, of all keys together. */
const mostBuckets = 10_000;

/**
 * The keys that were asked for most in a time. No answer of the API is in this order, so those are counted that may be
 * among them: what was used last, what has ended and may be refused since, and what was refused last.
 */
export function busyKeysQuery(projectId: string, range: UsageRange) {
  return queryOptions({
    queryKey: ['projects', projectId, 'busy-keys', range],
    queryFn: async ({ signal }) => {
      const { keys, total } = await findCandidates(projectId, signal);
      const buckets = await countRequests(projectId, { keys, range, signal });
      return { rows: rankKeys(keys, buckets), looked: keys.length, total };
    },
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

async function findCandidates(
  projectId: string,
  signal: AbortSignal,
): Promise<{ keys: Key[]; total: number }> {
  const list = (query: { status?: 'revoked' | 'inactive' | 'expired'; search?: string }) =>
    api('GET /v1/projects/{projectId}/keys', {
      params: { projectId },
      query: { ...query, sort: '-lastUsedAt', limit: most },
      signal,
    });
  const { items, page } = await list({});
  if (page.next === null) return { keys: items, total: page.total };
  const [refusals, ...ended] = await Promise.all([
    api('GET /v1/projects/{projectId}/refusals', { params: { projectId }, query: { limit: most }, signal }),
    list({ status: 'revoked' }),
    list({ status: 'inactive' }),
    list({ status: 'expired' }),
  ]);
  const found = new Map([items, ...ended.map((each) => each.items)].flat().map((k) => [k.id, k]));
  const refused = new Set(refusals.items.flatMap(({ key }) => (key && !found.has(key.id) ? [key.id] : [])));
  // By a search, which finds nothing where a key was deleted since.
  const others = await Promise.all([...refused].map((search) => list({ search })));
  for (const k of others.flatMap((each) => each.items)) found.set(k.id, k);
  return { keys: [...found.values()], total: page.total };
}

async function countRequests(
  projectId: string,
  { keys, range, signal }: { keys: readonly Key[]; range: UsageRange; signal: AbortSignal },
): Promise<Usage['buckets']> {
  const { times, query } = askFor({ range, bucket: usualBucket(range) });
  // One more than are shown: the present one may end before the answer.
  const size = Math.min(most, Math.floor(mostBuckets / (times.length + 1)));
  const parts = Array.from({ length: Math.ceil(keys.length / size) }, (_, part) =>
    keys.slice(part * size, (part + 1) * size).map(({ id }) => id),
  );
  const answers = await Promise.all(
    parts.map((ids) =>
      api('GET /v1/projects/{projectId}/usage', {
        params: { projectId },
        query: { ...query, keyIds: ids.join(',') },
        signal,
      }),
    ),
  );
  return answers.flatMap(({ buckets }) => buckets);
}

/** Those that were asked for at all, by how often, whether it was accepted or refused. */
export function rankKeys(
  keys: readonly Key[],
  buckets: readonly Pick<Usage['buckets'][number], 'keyId' | 'code' | 'count'>[],
): BusyKey[] {
  const rows = new Map(keys.map((k) => [k.id, { k, accepted: 0, refused: 0 }]));
  for (const { keyId = '', code, count } of buckets) {
    const row = rows.get(keyId);
    if (row) row[code === 'valid' ? 'accepted' : 'refused'] += count;
  }
  const sum = ({ accepted, refused }: BusyKey) => accepted + refused;
  return [...rows.values()].filter((row) => sum(row) > 0).sort((a, b) => sum(b) - sum(a));
}

const pageSize = 20;

/** A part of what is there already, told as the API tells of pages. @param cursor how many come before it */
export function pageOf<Row>(rows: readonly Row[], cursor: string | undefined): { rows: Row[]; page: Page } {
  const asked = Number(cursor ?? 0);
  const start = Number.isInteger(asked) && asked > 0 && asked < rows.length ? asked : 0;
  const end = Math.min(start + pageSize, rows.length);
  return {
    rows: rows.slice(start, end),
    page: {
      previous: start === 0 ? null : String(Math.max(0, start - pageSize)),
      next: end === rows.length ? null : String(end),
      from: rows.length === 0 ? 0 : start + 1,
      to: end,
      total: rows.length,
      totalIsExact: true,
    },
  };
}
