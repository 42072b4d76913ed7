import { useEffect, useState } from 'react';

/**
 * The token of a link that was given out: behind the `#`, which browsers keep to themselves. Another link that is opened
 * in its place is another `#` to a browser, and no new page. It stays while the page is left for the next.
 */
export function useLinkToken(): string | null {
  const [token, setToken] = useState(readToken);
  useEffect(() => {
    const follow = () => setToken(readToken());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return token;
}

function readToken(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('token') || null;
}
