import { useSyncExternalStore } from 'react';

/**
 * The token of a link that was given out: behind the `#`, which browsers keep to themselves. Another link that is opened
 * in its place is another `#` to a browser, and no new page.
 */
export function useLinkToken(): string | null {
  return useSyncExternalStore(follow, readToken);
}

function readToken(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('token') || null;
}

function follow(tell: () => void): () => void {
  addEventListener('hashchange', tell);
  return () => removeEventListener('hashchange', tell);
}
