import type { Channel, Key } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import type { IssuedSecret } from './issued-secret.ts';
import type { KeyListState } from './key-list-search.ts';
import { keyQuery } from './key-queries.ts';
import { useKeySwitch } from './use-key-actions.ts';

const CreateKeyDialog = lazy(async () => ({
  default: (await import('./create-key-dialog.tsx')).CreateKeyDialog,
}));
const SecretDialog = lazy(async () => ({ default: (await import('./secret-dialog.tsx')).SecretDialog }));
const RenameKeyDialog = lazy(async () => ({
  default: (await import('./rename-key-dialog.tsx')).RenameKeyDialog,
}));
const RotateKeyDialog = lazy(async () => ({
  default: (await import('./rotate-key-dialog.tsx')).RotateKeyDialog,
}));
const EndKeyDialog = lazy(async () => ({ default: (await import('./end-key-dialog.tsx')).EndKeyDialog }));
const ToggleKeyDialog = lazy(async () => ({
  default: (await import('./toggle-key-dialog.tsx')).ToggleKeyDialog,
}));

interface KeyDialogsProps extends KeyListState {
  channel: Channel | null;
  /** Those in sight; another one that the address names is loaded. */
  keys: readonly Key[];
  issued: IssuedSecret | null;
  onIssued(issued: IssuedSecret | null): void;
}

/** The dialog that the address names, or the secret that was just made. Each is loaded when it is first opened. */
export function KeyDialogs({ search, change, channel, keys, issued, onIssued }: KeyDialogsProps) {
  const { switchKey } = useKeySwitch();
  const { dialog, key: keyId } = search;
  const listed = keys.find(({ id }) => id === keyId);
  const { data: loaded } = useQuery({ ...keyQuery(keyId ?? ''), enabled: keyId !== undefined && !listed });
  const k = listed ?? loaded;
  const close = () => change({ dialog: undefined, key: undefined });
  const showIssued = (secret: IssuedSecret) => {
    onIssued(secret);
    close();
  };
  if (issued) {
    return (
      <Suspense>
        <SecretDialog issued={issued} onClose={() => onIssued(null)} />
      </Suspense>
    );
  }
  if (dialog === 'create') {
    return (
      <Suspense>
        <CreateKeyDialog channel={channel} onClose={close} onIssued={showIssued} />
      </Suspense>
    );
  }
  if (!k) return null;
  return (
    <Suspense>
      {dialog === 'rename' && <RenameKeyDialog k={k} onClose={close} />}
      {dialog === 'rotate' && <RotateKeyDialog k={k} onClose={close} onIssued={showIssued} />}
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
    </Suspense>
  );
}
