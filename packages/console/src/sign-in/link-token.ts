import { useState } from 'react';

/** The token of a link that was given out: behind the `#`, which browsers keep to themselves. */
export function useLinkToken(): string | null {
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token'));
  return token;
}
