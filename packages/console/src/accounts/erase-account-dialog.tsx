import type { AccountRecord } from '@keywright/contract';
import { type ReactNode, useRef, useState } from 'react';
import { api } from '../api/api.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { TypedConfirmation } from '../ui/typed-confirmation.tsx';
import { refreshAccounts } from './account-queries.ts';

interface EraseAccountDialogProps {
  account: AccountRecord;
  isSelf: boolean;
  onClose(): void;
}

/** Erases a person, once its e-mail address was typed. It begins with the way out. */
export function EraseAccountDialog({ account, isSelf, onClose }: EraseAccountDialogProps) {
  const t = useText();
  const { id, name, email } = account;
  const cancel = useRef<HTMLButtonElement>(null);
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const erase = async () => {
    if (typed.trim().toLowerCase() !== email) return setFault(t('accounts.eraseMismatch'));
    setBusy(true);
    try {
      await api('DELETE /v1/accounts/{accountId}', { params: { accountId: id } });
      // There is nobody left to go on as.
      if (isSelf) return location.assign('/sign-in');
      notifySuccess(t('accounts.erased', { name }));
      onClose();
      void refreshAccounts();
    } catch (error) {
      notifyFailure(t('accounts.notErased', { name }), error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      role="alertdialog"
      title={t('accounts.eraseTitle', { name })}
      description={t('accounts.eraseText')}
      initialFocus={cancel}
      onClose={onClose}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void erase();
        }}
      >
        <List title={t('accounts.eraseGoes')}>
          <li>{t('accounts.eraseGoes.keys')}</li>
          <li>{t('accounts.eraseGoes.account')}</li>
          <li>{t('accounts.eraseGoes.person')}</li>
        </List>
        <List title={t('accounts.eraseStays')}>
          <li className="break-words">{t('accounts.eraseStays.ledger', { id })}</li>
          <li>{t('accounts.eraseStays.projects')}</li>
        </List>
        {isSelf && (
          <p className="rounded-xl bg-warn-soft px-3.5 py-3 text-[0.8125rem] text-warn">
            {t('accounts.eraseSelf')}
          </p>
        )}
        <TypedConfirmation
          label={t('accounts.eraseConfirm', { email })}
          value={typed}
          fault={fault}
          onChange={(value) => {
            setTyped(value);
            setFault(undefined);
          }}
        />
        <DialogButtons>
          <Button ref={cancel} onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" look="danger" isBusy={isBusy}>
            {t('accounts.erase')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

function List({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mb-3 text-[0.8125rem]">
      <p className="font-medium">{title}</p>
      <ul className="mt-1 list-disc pl-5 text-muted">{children}</ul>
    </div>
  );
}
