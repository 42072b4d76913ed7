import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { pollEvery } from '../api/queries.ts';
import { bucketTimes, type Span, type UsageRange } from './spans.ts';

/** What is still going on is asked for again. */
const refetchMs: Readonly<Record<UsageRange, number>> = {
  hour: 15_000,
  day: 60_000,
  week: 300_000,
  month: 300_000,
  quarter: 300_000,
};

/** The times of a span, and how its usage is asked for. */
export function askFor(span: Span) {
  const times = bucketTimes(span);
  return { times, query: { bucket: span.bucket, from: new Date(times[0] ?? 0).toISOString() } };
}

export function keyUsageQuery(keyId: string, span: Span) {
  return queryOptions({
    queryKey: ['keys', keyId, 'usage', span],
    queryFn: async ({ signal }) => {
      const { times, query } = askFor(span);
      return { times, usage: await api('GET /v1/keys/{keyId}/usage', { params: { keyId }, query, signal }) };
    },
    placeholderData: keepPreviousData,
    refetchInterval: pollEvery(refetchMs[span.range]),
  });
}

export function projectUsageQuery(projectId: string, span: Span) {
  return queryOptions({
    queryKey: ['projects', projectId, 'usage', span],
    queryFn: async ({ signal }) => {
      const { times, query } = askFor(span);
      const usage = await api('GET /v1/projects/{projectId}/usage', { params: { projectId }, query, signal });
      return { times, usage };
    },
    placeholderData: keepPreviousData,
    refetchInterval: pollEvery(refetchMs[span.range]),
  });
}
