import { useState } from 'react';
import { auth } from '../api/auth.ts';
import { useText } from '../text/text.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { refreshAccount } from './account-queries.ts';
import { BackupCodes } from './backup-codes.tsx';

/** New backup codes in place of those from before. */
export function BackupCodesDialog({ onClose }: { onClose(): void }) {
  const t = useText();
  const [codes, setCodes] = useState<string[] | null>(null);
  if (codes) return <BackupCodes codes={codes} title={t('backup.title')} onClose={onClose} />;
  return (
    <ConfirmDialog
      title={t('backup.renewTitle')}
      text={t('backup.renewText')}
      submit={t('backup.renewSubmit')}
      look="primary"
      failure={t('backup.notRenewed')}
      onClose={onClose}
      onConfirm={async () => {
        const { backupCodes } = await auth('POST /two-factor/backup-codes', {});
        setCodes(backupCodes);
        refreshAccount();
      }}
    />
  );
}
