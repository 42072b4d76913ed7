import { useCallback, useState } from 'react';
import { UnseenError } from '../api/api-error.ts';
import { notifyFailure } from '../ui/notify.tsx';
import { useIsHere } from '../ui/use-is-here.ts';

/**
 * Holds the secret that is shown this once. When the page was left before it came nobody saw it, and that is said.
 * @param sayLost "The key was made, but its secret was lost on the way."
 */
export function useIssued<Issued>(
  sayLost: (issued: Issued) => string,
): [Issued | null, (issued: Issued | null) => void] {
  const [issued, setIssued] = useState<Issued | null>(null);
  const isHere = useIsHere();
  const take = useCallback(
    (made: Issued | null) => {
      if (made !== null && !isHere()) notifyFailure(sayLost(made), new UnseenError());
      else setIssued(made);
    },
    [isHere, sayLost],
  );
  return [issued, take];
}
