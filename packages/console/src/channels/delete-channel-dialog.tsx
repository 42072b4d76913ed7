import type { Channel } from '@keywright/contract';
import { useRef, useState } from 'react';
import { api } from '../api/api.ts';
import { ApiError } from '../api/api-error.ts';
import { queryClient } from '../api/queries.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { useIsHere } from '../ui/use-is-here.ts';

interface DeleteChannelDialogProps {
  channel: Channel;
  onClose(): void;
  /** What comes when it is gone, where closing the dialog is not enough. */
  onDeleted?(): Promise<void>;
  onShowKeys(): void;
}

/** Deletes a channel that has no keys which still count; of another it says that they are in the way, and leads to them. */
export function DeleteChannelDialog({ channel, onClose, onDeleted, onShowKeys }: DeleteChannelDialogProps) {
  const t = useText();
  const cancel = useRef<HTMLButtonElement>(null);
  const isHere = useIsHere();
  const [isBusy, setBusy] = useState(false);
  /** What the server said of the keys that are in the way. */
  const [inUse, setInUse] = useState<string | null>(null);
  const { id, projectId, name, slug } = channel;
  const drop = async () => {
    setBusy(true);
    try {
      await api('DELETE /v1/channels/{channelId}', { params: { channelId: id } });
      notifySuccess(t('channels.deleted', { name }));
      if (onDeleted) await onDeleted();
      else onClose();
      queryClient.removeQueries({ queryKey: ['projects', projectId, 'channels', 'one', id] });
      void queryClient.invalidateQueries({ queryKey: ['projects', projectId] });
    } catch (error) {
      setBusy(false);
      if (isHere() && error instanceof ApiError && error.code === 'channel_in_use') setInUse(error.message);
      else notifyFailure(t('channels.notDeleted', { name }), error);
    }
  };
  return (
    <Dialog
      open
      role="alertdialog"
      width="narrow"
      title={t('channels.deleteTitle', { name })}
      description={t('channels.deleteText', { slug })}
      onClose={onClose}
      initialFocus={cancel}
    >
      {inUse !== null && (
        <p role="alert" className="rounded-xl bg-warn-soft px-3.5 py-3 text-[0.8125rem] text-warn">
          {inUse} {t('channels.inUse')}
        </p>
      )}
      <DialogButtons>
        <Button ref={cancel} onClick={onClose}>
          {t('cancel')}
        </Button>
        {inUse === null ? (
          <Button look="danger" isBusy={isBusy} onClick={drop}>
            {t('channels.delete')}
          </Button>
        ) : (
          <Button look="primary" onClick={onShowKeys}>
            {t('channels.showKeys')}
          </Button>
        )}
      </DialogButtons>
    </Dialog>
  );
}
