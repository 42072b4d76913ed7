import type { Key } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api } from '../api/api.ts';
import { useText } from '../text/text.tsx';
import { formatDateTime, formatRelative } from '../text/times.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { lastHourQuery, refreshKeys } from './key-queries.ts';

interface RetireDialogProps {
  k: Key;
  onClose(): void;
}

/** Ends the overlap of a rotation, after it showed what still uses the old secret. */
export function RetireDialog({ k, onClose }: RetireDialogProps) {
  const t = useText();
  const cancel = useRef<HTMLButtonElement>(null);
  const [isBusy, setBusy] = useState(false);
  const retire = async () => {
    setBusy(true);
    try {
      await api('POST /v1/keys/{keyId}/retire-previous', { params: { keyId: k.id } });
      notifySuccess(t('rotation.retired', { name: k.name }));
      onClose();
      refreshKeys(k.projectId);
    } catch (error) {
      notifyFailure(t('rotation.notRetired', { name: k.name }), error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      role="alertdialog"
      width="narrow"
      title={t('rotation.retireTitle', { name: k.name })}
      description={t('rotation.retireText')}
      onClose={onClose}
      initialFocus={cancel}
    >
      <StillUsed k={k} />
      <DialogButtons>
        <Button ref={cancel} onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button look="danger" isBusy={isBusy} onClick={retire}>
          {t('rotation.retire')}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

function StillUsed({ k }: { k: Key }) {
  const t = useText();
  const { data, isError } = useQuery(lastHourQuery(k.id));
  if (isError) return <p className="text-[0.8125rem] text-muted">{t('blast.unknown')}</p>;
  if (!data) return <Skeleton className="h-16 w-full" />;
  const count = data.buckets
    .filter(({ secret, code }) => secret === 'previous' && code === 'valid')
    .reduce((sum, bucket) => sum + bucket.count, 0);
  const lastAt = k.rotation?.previousLastUsedAt ?? null;
  return (
    <div
      data-testid="still-used"
      className={`rounded-xl px-3.5 py-3 text-[0.8125rem] ${count > 0 ? 'bg-warn-soft text-warn' : 'bg-sunken'}`}
    >
      <p className="font-medium">{count > 0 ? t('rotation.stillUsed', { count }) : t('rotation.quiet')}</p>
      <p>
        {lastAt
          ? t('rotation.stillLast', { when: formatRelative(lastAt), at: formatDateTime(lastAt) })
          : t('rotation.stillNever')}
      </p>
      {count > 0 && <p>{t('blast.refused')}</p>}
    </div>
  );
}
