import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { auth } from '../api/auth.ts';
import { queryClient, sessionQuery } from '../api/queries.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { explainError } from '../ui/notify.tsx';
import { SignInForm } from './sign-in-form.tsx';

interface GateDialogProps {
  kind: 'signIn' | 'password';
  onAnswer(isSettled: boolean): void;
}

// biome-ignore lint/style/noDefaultExport: React loads lazily what a module exports by default
export default function GateDialog({ kind, onAnswer }: GateDialogProps) {
  return kind === 'signIn' ? <SignInAgain onAnswer={onAnswer} /> : <ProvePassword onAnswer={onAnswer} />;
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
        onSignedIn={() => {
          void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
          onAnswer(true);
        }}
      />
    </Dialog>
  );
}

function ProvePassword({ onAnswer }: Answer) {
  const t = useText();
  const { data: session } = useQuery(sessionQuery);
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const prove = async () => {
    setBusy(true);
    try {
      await auth('POST /reauthenticate', { password });
      onAnswer(true);
    } catch (error) {
      setFault(explainError(error));
      setPassword('');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      width="narrow"
      title={t('proof.title')}
      description={t('proof.text')}
      onClose={() => onAnswer(false)}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void prove();
        }}
      >
        <input type="hidden" autoComplete="username" value={session?.account?.email ?? ''} readOnly />
        <Field label={t('signIn.password')} fault={fault}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="current-password"
              autoFocus
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
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
