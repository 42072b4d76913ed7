import { auth } from '../api/auth.ts';
import { useText } from '../text/text.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { notifySuccess } from '../ui/notify.tsx';
import { refreshAccount } from './account-queries.ts';

export function TurnOffDialog({ onClose }: { onClose(): void }) {
  const t = useText();
  return (
    <ConfirmDialog
      title={t('factor.turnOffTitle')}
      text={t('factor.turnOffText')}
      submit={t('factor.turnOff')}
      failure={t('factor.notTurnedOff')}
      onClose={onClose}
      onConfirm={async () => {
        await auth('POST /two-factor/disable', {});
        notifySuccess(t('factor.turnedOff'));
        refreshAccount();
        onClose();
      }}
    />
  );
}
