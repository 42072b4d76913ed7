import type { CheckedLink, CheckLinkBody } from '@keywright/contract';
import { useEffect, useState } from 'react';
import { auth } from '../api/auth.ts';

type LinkCheck =
  | { state: 'checking' }
  | { state: 'good'; link: CheckedLink }
  | { state: 'bad'; error: unknown };

/** Asks the server for whom a link is, before anything is typed. Its token stays in this page's memory. */
export function useCheckedLink(token: string | null, purpose: CheckLinkBody['purpose']): LinkCheck {
  const [check, setCheck] = useState<LinkCheck>({ state: 'checking' });
  useEffect(() => {
    if (token === null) return;
    let isWanted = true;
    setCheck({ state: 'checking' });
    auth('POST /check-link', { token, purpose }).then(
      (link) => isWanted && setCheck({ state: 'good', link }),
      (error: unknown) => isWanted && setCheck({ state: 'bad', error }),
    );
    return () => {
      isWanted = false;
    };
  }, [token, purpose]);
  return check;
}
