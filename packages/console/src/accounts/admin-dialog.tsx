import type { AccountRecord } from '@keywright/contract';
import { useRef, useState } from 'react';
import { api } from '../api/api.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { refreshAccounts } from './account-queries.ts';

interface AdminDialogProps {
  account: AccountRecord;
  /** An administrator, or no longer one. */
  makes: boolean;
  isSelf: boolean;
  onClose(): void;
}

/** Makes an account an administrator of the instance, or no longer one. It begins with the way out. */
export function AdminDialog({ account: { id, name, email }, makes, isSelf, onClose }: AdminDialogProps) {
  const t = useText();
  const cancel = useRef<HTMLButtonElement>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    try {
      await api('PATCH /v1/accounts/{accountId}', {
        params: { accountId: id },
        body: { isInstanceAdmin: makes },
      });
      notifySuccess(t(makes ? 'accounts.madeAdmin' : 'accounts.unmadeAdmin', { name }));
      onClose();
      void refreshAccounts();
    } catch (error) {
      notifyFailure(t(makes ? 'accounts.notMadeAdmin' : 'accounts.notUnmadeAdmin', { name }), error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      role="alertdialog"
      width="narrow"
      title={t(makes ? 'accounts.makeAdminTitle' : 'accounts.unmakeAdminTitle', { name })}
      description={t(makes ? 'accounts.makeAdminText' : 'accounts.unmakeAdminText')}
      initialFocus={cancel}
      onClose={onClose}
    >
      <p className="break-words text-muted">{email}</p>
      {isSelf && !makes && (
        <p className="mt-3 rounded-xl bg-warn-soft px-3.5 py-3 text-[0.8125rem] text-warn">
          {t('accounts.unmakeSelf')}
        </p>
      )}
      <DialogButtons>
        <Button ref={cancel} onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button look={makes ? 'primary' : 'danger'} isBusy={isBusy} onClick={submit}>
          {t(makes ? 'accounts.makeAdmin' : 'accounts.unmakeAdmin')}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
