import type { AccountRecord } from '@keywright/contract';
import { api } from '../api/api.ts';
import { useText } from '../text/text.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { notifySuccess } from '../ui/notify.tsx';
import { refreshAccounts } from './account-queries.ts';

interface AdminDialogProps {
  account: AccountRecord;
  /** An administrator, or no longer one. */
  makes: boolean;
  isSelf: boolean;
  onClose(): void;
}

/** Makes an account an administrator of the instance, or no longer one. */
export function AdminDialog({ account: { id, name, email }, makes, isSelf, onClose }: AdminDialogProps) {
  const t = useText();
  return (
    <ConfirmDialog
      title={t(makes ? 'accounts.makeAdminTitle' : 'accounts.unmakeAdminTitle', { name })}
      text={t(makes ? 'accounts.makeAdminText' : 'accounts.unmakeAdminText')}
      submit={t(makes ? 'accounts.makeAdmin' : 'accounts.unmakeAdmin')}
      look={makes ? 'primary' : 'danger'}
      failure={t(makes ? 'accounts.notMadeAdmin' : 'accounts.notUnmadeAdmin', { name })}
      onClose={onClose}
      onConfirm={async () => {
        await api('PATCH /v1/accounts/{accountId}', {
          params: { accountId: id },
          body: { isInstanceAdmin: makes },
        });
        notifySuccess(t(makes ? 'accounts.madeAdmin' : 'accounts.unmadeAdmin', { name }));
        onClose();
        void refreshAccounts();
      }}
    >
      <p className="break-words text-muted">{email}</p>
      {isSelf && !makes && (
        <p className="mt-3 rounded-xl bg-warn-soft px-3.5 py-3 text-[0.8125rem] text-warn">
          {t('accounts.unmakeSelf')}
        </p>
      )}
    </ConfirmDialog>
  );
}
