import type { AccountLink, AccountRecord, LinkPurpose } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/api.ts';
import { publicInstanceQuery } from '../api/queries.ts';
import { OnceBox } from '../secret/once-box.tsx';
import { OnceDialog } from '../secret/once-dialog.tsx';
import { useText } from '../text/text.tsx';
import { formatDateTime } from '../text/times.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { notifyFailure } from '../ui/notify.tsx';

interface LinkDialogProps {
  account: AccountRecord;
  purpose: LinkPurpose;
  onClose(): void;
}

/** Makes a link for somebody, and shows it this once to be passed on, or says where it went. */
export function LinkDialog({ account, purpose, onClose }: LinkDialogProps) {
  const [made, setMade] = useState<AccountLink | null>(null);
  if (made === null)
    return <Question account={account} purpose={purpose} onMade={setMade} onClose={onClose} />;
  if (made.sentTo === null) return <Shown account={account} made={made} onClose={onClose} />;
  return <Sent sentTo={made.sentTo} expiresAt={made.expiresAt} onClose={onClose} />;
}

function Question({
  account: { id, name, email, pendingEmail },
  purpose,
  onMade,
  onClose,
}: LinkDialogProps & { onMade(made: AccountLink): void }) {
  const t = useText();
  const { data: instance } = useQuery(publicInstanceQuery);
  const [isBusy, setBusy] = useState(false);
  const make = async () => {
    setBusy(true);
    try {
      const made = await api('POST /v1/accounts/{accountId}/links', {
        params: { accountId: id },
        body: { purpose },
      });
      onMade(made);
    } catch (error) {
      notifyFailure(t('accounts.linkNotMade'), error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      width="narrow"
      title={t(`accounts.linkTitle.${purpose}`, { name })}
      description={t(`accounts.linkText.${purpose}`, { email: pendingEmail ?? email })}
      onClose={onClose}
    >
      <p className="text-[0.8125rem] text-muted">
        {instance && t(instance.canSendMail ? 'accounts.linkHint.mail' : 'accounts.linkHint.noMail')}
      </p>
      <DialogButtons>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button look="primary" isBusy={isBusy} onClick={make}>
          {t('accounts.linkSubmit')}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

interface MadeProps {
  onClose(): void;
}

function Shown({
  account: { name },
  made: { link, expiresAt },
  onClose,
}: MadeProps & { account: AccountRecord; made: AccountLink }) {
  const t = useText();
  return (
    <OnceDialog
      title={t('accounts.linkReady', { name })}
      description={t('accounts.linkOnce', { at: formatDateTime(expiresAt) })}
      onClose={onClose}
    >
      {(part) => <OnceBox {...part} label={t('accounts.link')} text={link} />}
    </OnceDialog>
  );
}

function Sent({ sentTo, expiresAt, onClose }: MadeProps & { sentTo: string; expiresAt: string }) {
  const t = useText();
  return (
    <Dialog
      open
      width="narrow"
      title={t('accounts.linkSent', { email: sentTo })}
      description={t('accounts.linkSentText', { at: formatDateTime(expiresAt) })}
      onClose={onClose}
    >
      <DialogButtons>
        <Button look="primary" onClick={onClose}>
          {t('secret.done')}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
