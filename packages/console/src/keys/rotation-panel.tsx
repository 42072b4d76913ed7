import type { Key } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useText } from '../text/text.tsx';
import { formatDateTime, formatRelative } from '../text/times.ts';
import { Button } from '../ui/button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { keyUsageQuery } from '../usage/usage-queries.ts';
import { keyDisplay } from './key-title.ts';
import { noActivity, Sparkline, sumByHour } from './sparkline.tsx';

interface RotationPanelProps {
  k: Key;
  onRetire(): void;
}

/** While two secrets work: who uses which, so that the old one can be retired without fear. */
export function RotationPanel({ k, onRetire }: RotationPanelProps) {
  const t = useText();
  const { data, isError } = useQuery(keyUsageQuery(k.id, { range: 'day', bucket: 'hour' }));
  if (!k.rotation) return null;
  const { endsAt, previousDisplay, previousLastUsedAt } = k.rotation;
  const countsOf = (secret: 'current' | 'previous') =>
    sumByHour(
      (data?.usage.buckets ?? [])
        .filter((bucket) => bucket.secret === secret && bucket.code === 'valid')
        .map((bucket) => ({ ...bucket, keyId: k.id })),
    ).get(k.id) ?? noActivity;
  return (
    <section aria-labelledby="rotation" className="mb-6 rounded-2xl border border-warn/40 bg-surface p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <h2 id="rotation" className="flex items-center gap-2 text-base font-semibold">
            <RefreshCw className="size-4 shrink-0 text-warn" aria-hidden />
            {t('rotation.title')}
          </h2>
          <p className="mt-0.5 text-muted">
            {t('rotation.ends', { at: formatDateTime(endsAt), in: formatRelative(endsAt) })}
          </p>
        </div>
        <Button look="danger" onClick={onRetire}>
          {t('rotation.retire')}
        </Button>
      </div>
      {!data && !isError ? (
        <Skeleton className="mt-4 h-28 w-full" />
      ) : (
        <div className="mt-4 grid gap-3 sm:grid-cols-2">
          <SecretUse
            label={t('rotation.new')}
            display={k.format === 'pair' ? null : keyDisplay(k)}
            counts={countsOf('current')}
          />
          <SecretUse
            label={t('rotation.old')}
            display={previousDisplay}
            counts={countsOf('previous')}
            note={
              previousLastUsedAt
                ? t('rotation.lastUsed', { when: formatRelative(previousLastUsedAt) })
                : t('rotation.neverUsed')
            }
          />
        </div>
      )}
    </section>
  );
}

interface SecretUseProps {
  label: string;
  display: string | null;
  counts: readonly number[];
  note?: string;
}

function SecretUse({ label, display, counts, note }: SecretUseProps) {
  const t = useText();
  const total = counts.reduce((sum, count) => sum + count, 0);
  return (
    <figure className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 rounded-xl bg-sunken p-4">
      <figcaption className="min-w-0">
        <p className="font-medium">{label}</p>
        {display && <code className="font-mono text-[0.8125rem] break-all text-muted">{display}</code>}
        <p className="mt-1.5 tabular-nums">{t('rotation.accepted', { count: total })}</p>
        {note && <p className="text-[0.8125rem] text-muted">{note}</p>}
      </figcaption>
      <Sparkline counts={counts} className="h-auto w-36" />
    </figure>
  );
}
