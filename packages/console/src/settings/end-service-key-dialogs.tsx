import type { ServiceKey } from '@keywright/contract';
import { api } from '../api/api.ts';
import { useText } from '../text/text.tsx';
import { formatRelative } from '../text/times.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { notifySuccess } from '../ui/notify.tsx';
import { SecretDialog } from './late-secret-dialog.ts';
import { refreshServiceKeys } from './service-key-queries.ts';
import type { IssuedServiceKey } from './service-keys.tsx';

interface EndDialogProps {
  serviceKey: ServiceKey;
  onClose(): void;
}

/** A new secret for a service key; the old one is dead at once. */
export function RotateServiceKeyDialog({
  serviceKey,
  onClose,
  onIssued,
}: EndDialogProps & { onIssued(issued: IssuedServiceKey): void }) {
  const t = useText();
  const { id, name } = serviceKey;
  return (
    <ConfirmDialog
      title={t('serviceKeys.rotateTitle', { name })}
      text={t('serviceKeys.rotateText')}
      submit={t('serviceKeys.rotate')}
      failure={t('serviceKeys.notRotated', { name })}
      onClose={onClose}
      onConfirm={async () => {
        await SecretDialog.load();
        const issued = await api('POST /v1/service-keys/{serviceKeyId}/rotate', {
          params: { serviceKeyId: id },
          body: {},
        });
        refreshServiceKeys();
        onClose();
        onIssued(issued);
      }}
    >
      <InUse serviceKey={serviceKey} />
    </ConfirmDialog>
  );
}

export function DeleteServiceKeyDialog({ serviceKey, onClose }: EndDialogProps) {
  const t = useText();
  const { id, name } = serviceKey;
  return (
    <ConfirmDialog
      title={t('serviceKeys.deleteTitle', { name })}
      text={t('serviceKeys.deleteText')}
      submit={t('serviceKeys.delete')}
      failure={t('serviceKeys.notDeleted', { name })}
      onClose={onClose}
      onConfirm={async () => {
        await api('DELETE /v1/service-keys/{serviceKeyId}', { params: { serviceKeyId: id } });
        notifySuccess(t('serviceKeys.deleted', { name }));
        onClose();
        refreshServiceKeys();
      }}
    >
      <InUse serviceKey={serviceKey} />
    </ConfirmDialog>
  );
}

/** What the service key is, and whether a program may be using it. */
function InUse({ serviceKey: { display, lastUsedAt } }: { serviceKey: ServiceKey }) {
  const t = useText();
  return (
    <>
      <code className="mb-3 block font-mono text-[0.8125rem] break-all text-muted">{display}</code>
      <p className="rounded-xl bg-sunken px-3.5 py-3 text-[0.8125rem]">
        {lastUsedAt === null
          ? t('serviceKeys.unused')
          : t('serviceKeys.lastUsed', { at: formatRelative(lastUsedAt) })}
      </p>
    </>
  );
}
