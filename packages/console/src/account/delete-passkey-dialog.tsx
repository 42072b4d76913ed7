import type { Passkey } from '@keywright/contract';
import { auth } from '../api/auth.ts';
import { useText } from '../text/text.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { notifySuccess } from '../ui/notify.tsx';
import { refreshAccount } from './account-queries.ts';

export function DeletePasskeyDialog({
  passkey: { id, name },
  onClose,
}: {
  passkey: Passkey;
  onClose(): void;
}) {
  const t = useText();
  return (
    <ConfirmDialog
      title={t('keys.deleteTitle', { name })}
      text={t('passkeys.deleteText')}
      submit={t('keys.delete')}
      failure={t('keys.notDeleted', { name })}
      onClose={onClose}
      onConfirm={async () => {
        await auth('POST /passkey/delete', { id });
        notifySuccess(t('keys.deleted', { name }));
        onClose();
        refreshAccount();
      }}
    />
  );
}
