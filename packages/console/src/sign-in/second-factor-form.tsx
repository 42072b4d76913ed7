import { useState } from 'react';
import { auth, type SignInAnswer } from '../api/auth.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { explainError } from '../ui/notify.tsx';
import { CodeField } from './code-field.tsx';

interface SecondFactorFormProps {
  onSignedIn(account: NonNullable<SignInAnswer['account']>): void | Promise<void>;
  /** Back to the password. */
  onRestart(): void;
}

/** The second half of a sign-in: a code of the app, or a backup code. */
export function SecondFactorForm({ onSignedIn, onRestart }: SecondFactorFormProps) {
  const t = useText();
  const [code, setCode] = useState('');
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const finish = async () => {
    if (code.trim() === '') return setFault(t('code.missing'));
    setBusy(true);
    try {
      const { account } = await auth('POST /sign-in/second-factor', { code });
      if (account) await onSignedIn(account);
    } catch (error) {
      setFault(explainError(error));
      setBusy(false);
    }
  };
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void finish();
      }}
    >
      <CodeField
        takesBackupCodes
        autoFocus
        code={code}
        fault={fault}
        onChange={(typed) => {
          setCode(typed);
          setFault(undefined);
        }}
      />
      <Button type="submit" look="primary" isBusy={isBusy}>
        {t('signIn.submit')}
      </Button>
      <Button look="ghost" onClick={onRestart}>
        {t('code.restart')}
      </Button>
    </form>
  );
}
