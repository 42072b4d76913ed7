import type { AccountRecord } from '@keywright/contract';
import type { ReactNode } from 'react';
import { api } from '../api/api.ts';
import { useText } from '../text/text.tsx';
import { notifySuccess } from '../ui/notify.tsx';
import { TypedConfirmation } from '../ui/typed-confirmation.tsx';
import { refreshAccounts } from './account-queries.ts';

interface EraseAccountDialogProps {
  account: AccountRecord;
  isSelf: boolean;
  onClose(): void;
}

/** Erases a person, once its e-mail address was typed. */
export function EraseAccountDialog({ account, isSelf, onClose }: EraseAccountDialogProps) {
  const t = useText();
  const { id, name, email } = account;
  return (
    <TypedConfirmation
      title={t('accounts.eraseTitle', { name })}
      text={t('accounts.eraseText')}
      label={t('accounts.eraseConfirm', { email })}
      isRight={(typed) => typed.toLowerCase() === email}
      mismatch={t('accounts.eraseMismatch')}
      submit={t('accounts.erase')}
      failure={t('accounts.notErased', { name })}
      onConfirm={async () => {
        await api('DELETE /v1/accounts/{accountId}', { params: { accountId: id } });
        // There is nobody left to go on as.
        if (isSelf) return location.assign('/sign-in');
        notifySuccess(t('accounts.erased', { name }));
        onClose();
        void refreshAccounts();
      }}
      onClose={onClose}
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
    </TypedConfirmation>
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
