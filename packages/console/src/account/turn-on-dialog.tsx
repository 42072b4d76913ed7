import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../api/api-error.ts';
import { auth } from '../api/auth.ts';
import { CodeField } from '../sign-in/code-field.tsx';
import { FormFault, sentence } from '../sign-in/form.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { latePanel } from '../ui/late.tsx';
import { explainError } from '../ui/notify.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { refreshAccount } from './account-queries.ts';
import { BackupCodes } from './backup-codes.tsx';

const QrCode = latePanel(
  async () => (await import('./qr-code.tsx')).QrCode,
  <Skeleton className="size-48" />,
);

interface Begun {
  secret: string;
  uri: string;
}

/** Turns the second factor on: the app gets the secret, shows that it has it by a code, and backup codes follow. */
export function TurnOnDialog({ onClose }: { onClose(): void }) {
  const t = useText();
  const { begun, fault, begin } = useBegun();
  const [backupCodes, setBackupCodes] = useState<string[] | null>(null);
  if (backupCodes) return <BackupCodes codes={backupCodes} title={t('factor.isOn')} onClose={onClose} />;
  return (
    <Dialog open title={t('factor.turnOn')} description={t('factor.turnOnText')} onClose={onClose}>
      {fault !== null && (
        <>
          <FormFault>{fault}</FormFault>
          <DialogButtons>
            <Button onClick={onClose}>{t('close')}</Button>
            <Button look="primary" onClick={begin}>
              {t('retry')}
            </Button>
          </DialogButtons>
        </>
      )}
      {fault === null && begun === null && <Skeleton className="mx-auto size-48" />}
      {begun && (
        <Confirm
          begun={begun}
          onCancel={onClose}
          onTurnedOn={(codes) => {
            setBackupCodes(codes);
            refreshAccount();
          }}
        />
      )}
    </Dialog>
  );
}

/** A secret for the app, made once for this dialog; it replaces one that was begun before. */
function useBegun() {
  const [begun, setBegun] = useState<Begun | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const hasBegun = useRef(false);
  const begin = () => {
    setFault(null);
    auth('POST /two-factor/begin', {}).then(setBegun, (error: unknown) => setFault(explainError(error)));
  };
  useEffect(() => {
    if (hasBegun.current) return;
    hasBegun.current = true;
    auth('POST /two-factor/begin', {}).then(setBegun, (error: unknown) => setFault(explainError(error)));
  }, []);
  return { begun, fault, begin };
}

interface ConfirmProps {
  begun: Begun;
  onCancel(): void;
  onTurnedOn(backupCodes: string[]): void;
}

function Confirm({ begun, onCancel, onTurnedOn }: ConfirmProps) {
  const t = useText();
  const [code, setCode] = useState('');
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const turnOn = async () => {
    if (code.trim() === '') return setFault(t('code.missing'));
    setBusy(true);
    try {
      const { backupCodes } = await auth('POST /two-factor/enable', { code });
      onTurnedOn(backupCodes);
    } catch (error) {
      const [first] = error instanceof ApiError ? error.errors : [];
      setFault(first ? sentence(`${t('code.it')} ${first.message}`) : explainError(error));
      setBusy(false);
    }
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void turnOn();
      }}
    >
      <div className="grid gap-5 sm:grid-cols-[auto_minmax(0,1fr)]">
        <div className="size-48 justify-self-center">
          <QrCode text={begun.uri} label={t('factor.picture')} />
        </div>
        <div>
          <p>{t('factor.scan')}</p>
          <p className="mt-3 mb-1 font-medium">{t('factor.secret')}</p>
          <div className="flex items-center gap-1 rounded-xl border border-line bg-sunken py-1 pr-1 pl-3.5">
            <code
              data-testid="two-factor-secret"
              className="min-w-0 flex-1 font-mono text-[0.8125rem] break-all select-all"
            >
              {begun.secret}
            </code>
            <CopyButton text={begun.secret} label={t('factor.copySecret')} />
          </div>
        </div>
      </div>
      <div className="mt-5">
        <CodeField
          autoFocus
          code={code}
          fault={fault}
          onChange={(typed) => {
            setCode(typed);
            setFault(undefined);
          }}
        />
      </div>
      <p className="mt-4 text-[0.8125rem] text-muted">{t('factor.endsSessions')}</p>
      <DialogButtons>
        <Button onClick={onCancel}>{t('cancel')}</Button>
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t('factor.turnOnSubmit')}
        </Button>
      </DialogButtons>
    </form>
  );
}
