import { auth } from '../api/auth.ts';
import { useText } from '../text/text.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { notifySuccess } from '../ui/notify.tsx';
import { refreshAccount } from './account-queries.ts';

export function EndSessionsDialog({ onClose }: { onClose(): void }) {
  const t = useText();
  return (
    <ConfirmDialog
      title={t('sessions.endOthersTitle')}
      text={t('sessions.endOthersText')}
      submit={t('sessions.endOthersSubmit')}
      failure={t('sessions.othersNotEnded')}
      onClose={onClose}
      onConfirm={async () => {
        await auth('POST /revoke-other-sessions');
        notifySuccess(t('sessions.othersEnded'));
        refreshAccount();
        onClose();
      }}
    />
  );
}
