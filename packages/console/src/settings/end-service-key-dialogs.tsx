import type { ServiceKey } from '@keywright/contract';
import { useRef, useState } from 'react';
import { api } from '../api/api.ts';
import { useText } from '../text/text.tsx';
import { formatRelative } from '../text/times.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
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
    <EndDialog
      serviceKey={serviceKey}
      title={t('serviceKeys.rotateTitle', { name })}
      text={t('serviceKeys.rotateText')}
      submit={t('serviceKeys.rotate')}
      failure={t('serviceKeys.notRotated', { name })}
      onClose={onClose}
      onSubmit={async () => {
        const issued = await api('POST /v1/service-keys/{serviceKeyId}/rotate', {
          params: { serviceKeyId: id },
          body: {},
        });
        refreshServiceKeys();
        onIssued(issued);
      }}
    />
  );
}

export function DeleteServiceKeyDialog({ serviceKey, onClose }: EndDialogProps) {
  const t = useText();
  const { id, name } = serviceKey;
  return (
    <EndDialog
      serviceKey={serviceKey}
      title={t('serviceKeys.deleteTitle', { name })}
      text={t('serviceKeys.deleteText')}
      submit={t('serviceKeys.delete')}
      failure={t('serviceKeys.notDeleted', { name })}
      onClose={onClose}
      onSubmit={async () => {
        await api('DELETE /v1/service-keys/{serviceKeyId}', { params: { serviceKeyId: id } });
        notifySuccess(t('serviceKeys.deleted', { name }));
        refreshServiceKeys();
        onClose();
      }}
    />
  );
}

interface FrameProps extends EndDialogProps {
  title: string;
  text: string;
  submit: string;
  failure: string;
  onSubmit(): Promise<void>;
}

/** What ends a secret that a program may be using. It begins with the way out. */
function EndDialog({ serviceKey, title, text, submit, failure, onClose, onSubmit }: FrameProps) {
  const t = useText();
  const cancel = useRef<HTMLButtonElement>(null);
  const [isBusy, setBusy] = useState(false);
  const { display, lastUsedAt } = serviceKey;
  return (
    <Dialog
      open
      role="alertdialog"
      width="narrow"
      title={title}
      description={text}
      initialFocus={cancel}
      onClose={onClose}
    >
      <code className="mb-3 block font-mono text-[0.8125rem] break-all text-muted">{display}</code>
      <p className="rounded-xl bg-sunken px-3.5 py-3 text-[0.8125rem]">
        {lastUsedAt === null
          ? t('serviceKeys.unused')
          : t('serviceKeys.lastUsed', { at: formatRelative(lastUsedAt) })}
      </p>
      <DialogButtons>
        <Button ref={cancel} onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button
          look="danger"
          isBusy={isBusy}
          onClick={async () => {
            setBusy(true);
            try {
              await onSubmit();
            } catch (error) {
              notifyFailure(failure, error);
              setBusy(false);
            }
          }}
        >
          {submit}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
