import { useQuery } from '@tanstack/react-query';
import { useText } from '../text/text.tsx';
import { lateDialog } from '../ui/late.tsx';
import { UnavailableDialog } from '../ui/late-unavailable-dialog.ts';
import { securityQuery } from './account-queries.ts';
import type { AccountSearch } from './account-search.ts';

const TurnOnDialog = lateDialog(async () => (await import('./turn-on-dialog.tsx')).TurnOnDialog);
const TurnOffDialog = lateDialog(async () => (await import('./turn-off-dialog.tsx')).TurnOffDialog);
const BackupCodesDialog = lateDialog(
  async () => (await import('./backup-codes-dialog.tsx')).BackupCodesDialog,
);
const AddPasskeyDialog = lateDialog(async () => (await import('./add-passkey-dialog.tsx')).AddPasskeyDialog);
const RenamePasskeyDialog = lateDialog(
  async () => (await import('./rename-passkey-dialog.tsx')).RenamePasskeyDialog,
);
const DeletePasskeyDialog = lateDialog(
  async () => (await import('./delete-passkey-dialog.tsx')).DeletePasskeyDialog,
);
const EndSessionsDialog = lateDialog(
  async () => (await import('./end-sessions-dialog.tsx')).EndSessionsDialog,
);

/** The dialog that the address names. Each is loaded when it is first opened. */
export function AccountDialogs({ dialog, passkey: id, onClose }: AccountSearch & { onClose(): void }) {
  const t = useText();
  const { data: security } = useQuery(securityQuery);
  const passkey = security?.passkeys.find((each) => each.id === id);
  return (
    <>
      {dialog === 'two-factor' && <TurnOnDialog onClose={onClose} />}
      {dialog === 'two-factor-off' && <TurnOffDialog onClose={onClose} />}
      {dialog === 'backup-codes' && <BackupCodesDialog onClose={onClose} />}
      {dialog === 'add-passkey' && <AddPasskeyDialog onClose={onClose} />}
      {dialog === 'rename-passkey' && passkey && <RenamePasskeyDialog passkey={passkey} onClose={onClose} />}
      {dialog === 'delete-passkey' && passkey && <DeletePasskeyDialog passkey={passkey} onClose={onClose} />}
      {(dialog === 'rename-passkey' || dialog === 'delete-passkey') && security && !passkey && (
        <UnavailableDialog title={t('passkeys.gone')} text={t('passkeys.goneText')} onClose={onClose} />
      )}
      {dialog === 'end-sessions' && <EndSessionsDialog onClose={onClose} />}
    </>
  );
}
