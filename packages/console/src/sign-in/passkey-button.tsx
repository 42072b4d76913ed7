import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import type { SignInAnswer } from '../api/auth.ts';
import { loadCode } from '../api/load-code.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { explainError } from '../ui/notify.tsx';
import { FormFault } from './form.tsx';

interface PasskeyButtonProps {
  onSignedIn(account: NonNullable<SignInAnswer['account']>): void | Promise<void>;
}

/** Signs in without a password, where the browser knows passkeys at all. What they need is loaded when it is pressed. */
export function PasskeyButton({ onSignedIn }: PasskeyButtonProps) {
  const t = useText();
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  if (!('PublicKeyCredential' in window)) return null;
  const signIn = async () => {
    setBusy(true);
    setFault(null);
    try {
      const { signInWithPasskey } = await loadCode(() => import('./passkey-ceremony.ts'));
      const { account } = await signInWithPasskey();
      if (account) await onSignedIn(account);
    } catch (error) {
      setFault(await explainCeremony(error));
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-col gap-3">
      <Button onClick={() => void signIn()} isBusy={isBusy}>
        <KeyRound aria-hidden />
        {t('passkey.signIn')}
      </Button>
      <FormFault>{fault}</FormFault>
    </div>
  );
}

/** What went wrong with a passkey, wherever it did. */
export async function explainCeremony(error: unknown): Promise<string> {
  const ceremony = await import('./passkey-ceremony.ts').catch(() => null);
  return ceremony && error instanceof ceremony.CeremonyError ? error.message : explainError(error);
}
