import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { securityQuery } from '../account/account-queries.ts';
import { ApiError } from '../api/api-error.ts';
import { auth } from '../api/auth.ts';
import { queryClient, sessionQuery } from '../api/queries.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { explainError } from '../ui/notify.tsx';
import { CodeField } from './code-field.tsx';
import { sentence } from './form.tsx';
import { SignInForm } from './sign-in-form.tsx';

interface GateDialogProps {
  kind: 'signIn' | 'password';
  onAnswer(isSettled: boolean): void;
}

export function GateDialog({ kind, onAnswer }: GateDialogProps) {
  return kind === 'signIn' ? <SignInAgain onAnswer={onAnswer} /> : <ProveIdentity onAnswer={onAnswer} />;
}

type Answer = Pick<GateDialogProps, 'onAnswer'>;

/** The session has ended. The page stays as it is behind this, and goes on afterwards. */
function SignInAgain({ onAnswer }: Answer) {
  const t = useText();
  const email = queryClient.getQueryData(sessionQuery.queryKey)?.account?.email;
  return (
    <Dialog
      open
      width="narrow"
      title={t('signIn.again')}
      description={t('signIn.againText')}
      onClose={() => onAnswer(false)}
    >
      <SignInForm
        {...(email !== undefined && { email })}
        onSignedIn={(account) => {
          // By the passkey of another account: what is open behind this is not theirs.
          if (email !== undefined && account.email !== email) return location.assign('/apikeys');
          void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
          onAnswer(true);
        }}
      />
    </Dialog>
  );
}

type Faults = Partial<Record<'password' | 'code', string>>;

/** Something needs the password once more, and the second factor where one is on. */
function ProveIdentity({ onAnswer }: Answer) {
  const t = useText();
  const { data: session } = useQuery(sessionQuery);
  const { data: security } = useQuery({ ...securityQuery, retry: false });
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [faults, setFaults] = useState<Faults>({});
  const [isBusy, setBusy] = useState(false);
  const [isCodeAsked, setCodeAsked] = useState(false);
  const [isEnded, setEnded] = useState(false);
  // A fresh sign-in is a proof too.
  if (isEnded) return <SignInAgain onAnswer={onAnswer} />;
  const needsCode = isCodeAsked || security?.twoFactor.isOn === true;
  const refuse = (error: unknown) => {
    if (error instanceof ApiError && error.status === 401) {
      if (!error.wantsProof) return setEnded(true);
      setCodeAsked(true);
      return setFaults({ code: t('code.missing') });
    }
    const errors = error instanceof ApiError ? error.errors : [];
    const [first] = errors.filter(({ path }) => path === 'password' || path === 'code');
    setFaults(
      first ? { [first.path]: sentenceAbout(first.path, first.message) } : { password: explainError(error) },
    );
    // A code that the server looked at is used up, and a password that was wrong is typed anew.
    if (first?.path !== 'code') setPassword('');
    setCode('');
  };
  const sentenceAbout = (path: string, message: string) =>
    sentence(`${t(path === 'code' ? 'code.it' : 'proof.it')} ${message}`);
  const prove = async () => {
    if (needsCode && code.trim() === '') return setFaults({ code: t('code.missing') });
    setBusy(true);
    try {
      await auth('POST /reauthenticate', { password, ...(needsCode && { code }) });
      onAnswer(true);
    } catch (error) {
      refuse(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      width="narrow"
      title={t('proof.title')}
      description={t(needsCode ? 'proof.textWithCode' : 'proof.text')}
      onClose={() => onAnswer(false)}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void prove();
        }}
      >
        <input type="hidden" autoComplete="username" value={session?.account?.email ?? ''} readOnly />
        <Field label={t('signIn.password')} fault={faults.password}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="current-password"
              autoFocus
              required
              value={password}
              onChange={(event) => {
                setPassword(event.target.value);
                setFaults({});
              }}
            />
          )}
        </Field>
        {needsCode && (
          <CodeField
            takesBackupCodes
            code={code}
            fault={faults.code}
            onChange={(typed) => {
              setCode(typed);
              setFaults({});
            }}
          />
        )}
        <DialogButtons>
          <Button onClick={() => onAnswer(false)}>{t('cancel')}</Button>
          <Button type="submit" look="primary" isBusy={isBusy}>
            {t('proof.submit')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
