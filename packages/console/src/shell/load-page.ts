import { publicInstanceQuery, queryClient } from '../api/queries.ts';

/**
 * Loads the code of a screen when it is first opened. Code that cannot be loaded is that of a version which is gone: then
 * the router loads the page anew. Unless it is the whole server that is away: then the page stays, and says so.
 * @throws UnreachableError when the server is away
 */
export function loadPage<Page>(load: () => Promise<Page>): () => Promise<Page> {
  return () =>
    load().catch(async (error: unknown) => {
      await queryClient.fetchQuery({ ...publicInstanceQuery, staleTime: 0, retry: false });
      throw error;
    });
}
