import type { Key } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { useText } from '../text/text.tsx';
import { formatDateTime, formatRelative } from '../text/times.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { notifySuccess } from '../ui/notify.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { lastHourQuery, refreshKeys } from './key-queries.ts';
import { useKeyTitle } from './key-title.ts';

interface RetireDialogProps {
  k: Key;
  onClose(): void;
}

/** Ends the overlap of a rotation, after it showed what still uses the old secret. */
export function RetireDialog({ k, onClose }: RetireDialogProps) {
  const t = useText();
  const { id, projectId } = k;
  const name = useKeyTitle()(k);
  return (
    <ConfirmDialog
      title={t('rotation.retireTitle', { name })}
      text={t('rotation.retireText')}
      submit={t('rotation.retire')}
      failure={t('rotation.notRetired', { name })}
      onClose={onClose}
      onConfirm={async () => {
        await api('POST /v1/keys/{keyId}/retire-previous', { params: { keyId: id } });
        notifySuccess(t('rotation.retired', { name }));
        onClose();
        refreshKeys(projectId);
      }}
    >
      <StillUsed k={k} />
    </ConfirmDialog>
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
