import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { securityQuery } from './account-queries.ts';
import type { AccountSearch } from './account-search.ts';

const TurnOnDialog = lazy(async () => ({ default: (await import('./turn-on-dialog.tsx')).TurnOnDialog }));
const TurnOffDialog = lazy(async () => ({ default: (await import('./turn-off-dialog.tsx')).TurnOffDialog }));
const BackupCodesDialog = lazy(async () => ({
  default: (await import('./backup-codes-dialog.tsx')).BackupCodesDialog,
}));
const AddPasskeyDialog = lazy(async () => ({
  default: (await import('./add-passkey-dialog.tsx')).AddPasskeyDialog,
}));
const RenamePasskeyDialog = lazy(async () => ({
  default: (await import('./rename-passkey-dialog.tsx')).RenamePasskeyDialog,
}));
const DeletePasskeyDialog = lazy(async () => ({
  default: (await import('./delete-passkey-dialog.tsx')).DeletePasskeyDialog,
}));
const EndSessionsDialog = lazy(async () => ({
  default: (await import('./end-sessions-dialog.tsx')).EndSessionsDialog,
}));

/** The dialog that the address names. Each is loaded when it is first opened. */
export function AccountDialogs({ dialog, passkey: id, onClose }: AccountSearch & { onClose(): void }) {
  const { data: security } = useQuery(securityQuery);
  const passkey = security?.passkeys.find((each) => each.id === id);
  return (
    <Suspense>
      {dialog === 'two-factor' && <TurnOnDialog onClose={onClose} />}
      {dialog === 'two-factor-off' && <TurnOffDialog onClose={onClose} />}
      {dialog === 'backup-codes' && <BackupCodesDialog onClose={onClose} />}
      {dialog === 'add-passkey' && <AddPasskeyDialog onClose={onClose} />}
      {dialog === 'rename-passkey' && passkey && <RenamePasskeyDialog passkey={passkey} onClose={onClose} />}
      {dialog === 'delete-passkey' && passkey && <DeletePasskeyDialog passkey={passkey} onClose={onClose} />}
      {dialog === 'end-sessions' && <EndSessionsDialog onClose={onClose} />}
    </Suspense>
  );
}
