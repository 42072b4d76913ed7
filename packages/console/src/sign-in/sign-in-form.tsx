import { useState } from 'react';
import type { SignInAnswer } from '../api/auth.ts';
import { useText } from '../text/text.tsx';
import { PasskeyButton } from './passkey-button.tsx';
import { PasswordForm } from './password-form.tsx';
import { SecondFactorForm } from './second-factor-form.tsx';

export interface SignInFormProps {
  /** Who is to sign in; the address is then given. */
  email?: string;
  onSignedIn(account: NonNullable<SignInAnswer['account']>): void | Promise<void>;
}

/** By password, and the second factor where one is on; or by a passkey, which is both. */
export function SignInForm({ email, onSignedIn }: SignInFormProps) {
  const t = useText();
  const [isHalf, setHalf] = useState(false);
  if (isHalf) return <SecondFactorForm onSignedIn={onSignedIn} onRestart={() => setHalf(false)} />;
  return (
    <>
      <PasswordForm
        {...(email !== undefined && { email })}
        onProved={async ({ account }) => {
          if (account) await onSignedIn(account);
          else setHalf(true);
        }}
      />
      {'PublicKeyCredential' in window && (
        <p className="my-4 flex items-center gap-3 text-[0.8125rem] text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
          {t('or')}
        </p>
      )}
      <PasskeyButton onSignedIn={onSignedIn} />
    </>
  );
}
