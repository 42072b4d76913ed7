import { useEffect, useRef, useState } from 'react';
import { openGates } from '../api/gates.ts';
import { refetchRefused } from '../api/queries.ts';
import { lateAnswer } from '../ui/late.tsx';

type Kind = 'signIn' | 'password';

const GateDialog = lateAnswer(
  async () => (await import('../sign-in/gate-dialog.tsx')).GateDialog,
  ({ onAnswer }) => onAnswer(false),
  true,
);

/** Over whatever page is open: signs in again when the session has ended, or asks for the password where it is needed. */
export function Gates() {
  const [kind, setKind] = useState<Kind | null>(null);
  const answer = useRef<((isSettled: boolean) => void) | null>(null);
  useEffect(() => {
    const ask = (asked: Kind) => () =>
      new Promise<boolean>((resolve) => {
        answer.current = resolve;
        setKind(asked);
      });
    return openGates({ signIn: ask('signIn'), password: ask('password') });
  }, []);
  if (kind === null) return null;
  return (
    <GateDialog
      kind={kind}
      onAnswer={(isSettled) => {
        setKind(null);
        if (isSettled) refetchRefused();
        answer.current?.(isSettled);
      }}
    />
  );
}
