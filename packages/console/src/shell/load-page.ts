import { OutdatedError } from '../api/api-error.ts';
import { loadCode } from '../api/load-code.ts';

/**
 * Loads the code of a screen when it is first opened. Code that cannot be loaded is that of a version which is gone: then
 * the router loads the page anew. Unless it is the whole server that is away: then the page stays, and says so.
 * @throws UnreachableError when the server is away
 */
export function loadPage<Page>(load: () => Promise<Page>): () => Promise<Page> {
  return () =>
    loadCode(load).catch((error: unknown) => {
      // The router knows it by the browser's own words.
      throw error instanceof OutdatedError ? error.cause : error;
    });
}
