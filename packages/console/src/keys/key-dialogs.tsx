import type { Channel, Key } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../api/api-error.ts';
import { useText } from '../text/text.tsx';
import { lateDialog } from '../ui/late.tsx';
import { UnavailableDialog } from '../ui/late-unavailable-dialog.ts';
import { explainError } from '../ui/notify.tsx';
import type { IssuedSecret } from './issued-secret.ts';
import type { KeyListState } from './key-list-search.ts';
import { keyQuery } from './key-queries.ts';
import { SecretDialog } from './late-secret-dialog.ts';
import { useKeySwitch } from './use-key-actions.ts';

const CreateKeyDialog = lateDialog(async () => (await import('./create-key-dialog.tsx')).CreateKeyDialog);
const RenameKeyDialog = lateDialog(async () => (await import('./rename-key-dialog.tsx')).RenameKeyDialog);
const RotateKeyDialog = lateDialog(async () => (await import('./rotate-key-dialog.tsx')).RotateKeyDialog);
const EndKeyDialog = lateDialog(async () => (await import('./end-key-dialog.tsx')).EndKeyDialog);
const ToggleKeyDialog = lateDialog(async () => (await import('./toggle-key-dialog.tsx')).ToggleKeyDialog);

interface KeyDialogsProps extends KeyListState {
  channel: Channel | null;
  /** Those in sight; another one that the address names is loaded. */
  keys: readonly Key[];
  issued: IssuedSecret | null;
  onIssued(issued: IssuedSecret | null): void;
}

/** The dialog that the address names, or the secret that was just made. Each is loaded when it is first opened. */
export function KeyDialogs({ search, change, channel, keys, issued, onIssued }: KeyDialogsProps) {
  const t = useText();
  const { switchKey } = useKeySwitch();
  const { dialog, key: keyId } = search;
  const { k, isGone, error, retry } = useDialogKey(keys, keyId);
  const close = () => change({ dialog: undefined, key: undefined });
  if (issued) return <SecretDialog issued={issued} onClose={() => onIssued(null)} />;
  if (dialog === 'create') return <CreateKeyDialog channel={channel} onClose={close} onIssued={onIssued} />;
  if (dialog === undefined) return null;
  if (!k && isGone)
    return <UnavailableDialog title={t('keyPage.gone')} text={t('keyPage.goneText')} onClose={close} />;
  if (!k && error) {
    const text = explainError(error);
    return <UnavailableDialog title={t('keys.unavailable')} text={text} onRetry={retry} onClose={close} />;
  }
  if (!k) return null;
  return (
    <>
      {dialog === 'rename' && <RenameKeyDialog k={k} onClose={close} />}
      {dialog === 'rotate' && <RotateKeyDialog k={k} onClose={close} onIssued={onIssued} />}
      {(dialog === 'activate' || dialog === 'deactivate') && (
        <ToggleKeyDialog k={k} action={dialog} onConfirm={() => void switchKey(k, dialog)} onClose={close} />
      )}
      {(dialog === 'revoke' || dialog === 'delete') && (
        <EndKeyDialog
          k={k}
          ending={dialog}
          onDeactivate={k.status === 'active' ? () => void switchKey(k, 'deactivate') : null}
          onClose={close}
        />
      )}
    </>
  );
}

/** The key that the dialog is about. What is open stays, although the key may leave the part of the list in sight. */
function useDialogKey(keys: readonly Key[], keyId: string | undefined) {
  const listed = keys.find(({ id }) => id === keyId);
  const [last, setLast] = useState(listed);
  if (listed && listed !== last) setLast(listed);
  const isAsked = keyId !== undefined && !listed;
  const { data, error, refetch } = useQuery({ ...keyQuery(keyId ?? ''), enabled: isAsked });
  const isGone = error instanceof ApiError && (error.status === 404 || error.status === 400);
  const known = isGone ? undefined : (data ?? (last?.id === keyId ? last : undefined));
  return {
    k: listed ?? known,
    // An address that names no key leads to none either.
    isGone: keyId === undefined || (isAsked && isGone),
    error: isAsked ? error : null,
    retry: () => void refetch(),
  };
}
