import type { Page } from '@keywright/contract';
import { infiniteQueryOptions, notifyManager, QueryClient, queryOptions } from '@tanstack/react-query';
import { api } from './api.ts';
import { ApiError } from './api-error.ts';
import { auth } from './auth.ts';

/** A no is an answer: asked again, the server would say the same. What got no answer is asked for twice more. */
function shouldRetry(count: number, error: Error): boolean {
  const isFinal = error instanceof ApiError && error.status < 500;
  return !isFinal && count < 2;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 10_000, retry: shouldRetry, networkMode: 'always' },
    mutations: { networkMode: 'always', gcTime: 0 },
  },
});

/** Whether a request failed because nobody is signed in, and whoever was asked to did not. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** Asks again by itself, every so many milliseconds, for as long as somebody is signed in. */
export function pollEvery(ms: number) {
  return ({ state }: { state: { error: Error | null } }) => (isSignedOut(state.error) ? false : ms);
}

/** What was refused meanwhile, after signing in again. */
export function refetchRefused(): void {
  void queryClient.refetchQueries({ predicate: ({ state }) => isSignedOut(state.error) });
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => auth('GET /get-session'),
  staleTime: 60_000,
});

/** What is told of the instance to whoever comes. */
export const publicInstanceQuery = queryOptions({
  queryKey: ['public-instance'],
  queryFn: () => auth('GET /instance'),
  staleTime: 60_000,
});

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api('GET /v1/me', { signal }),
  staleTime: 30_000,
});

/**
 * Learns anew what this person is and may do. When it returns, the page shows it: what nobody may see any more has left
 * it, so that what is loaded anew afterwards does not ask for that once more.
 */
export async function refreshMe(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
  await new Promise<void>((resolve) => notifyManager.schedule(resolve));
}

export function projectQuery(projectId: string) {
  return queryOptions({
    queryKey: ['projects', projectId],
    queryFn: ({ signal }) => api('GET /v1/projects/{projectId}', { params: { projectId }, signal }),
    staleTime: 30_000,
  });
}

interface ListPage<Item> {
  items: Item[];
  page: Page;
}

/** A list to choose from and to name by: a hundred at first, and a hundred more each time that somebody asks for them. */
export function growingQuery<Item>(
  queryKey: readonly unknown[],
  load: (
    query: { limit: number; cursor: string | undefined },
    signal: AbortSignal,
  ) => Promise<ListPage<Item>>,
) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ signal, pageParam: cursor }) => load({ limit: 100, cursor }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ page }) => page.next ?? undefined,
    select: joinPages<Item>,
    staleTime: 30_000,
  });
}

function joinPages<Item>({ pages }: { pages: ListPage<Item>[] }): Item[] {
  return pages.flatMap(({ items }) => items);
}

/** The projects of the instance, for its administrators. */
export const allProjectsQuery = growingQuery(['projects', 'all'], (query, signal) =>
  api('GET /v1/projects', { query, signal }),
);

export function channelsQuery(projectId: string) {
  return growingQuery(['projects', projectId, 'channels', 'all'], (query, signal) =>
    api('GET /v1/projects/{projectId}/channels', { params: { projectId }, query, signal }),
  );
}
