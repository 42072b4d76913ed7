import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { useMemo } from 'react';
import { RelativeTime } from '../keys/key-cells.tsx';
import { StatusBadge } from '../keys/status-badge.tsx';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { explainError } from '../ui/notify.tsx';
import { Pagination } from '../ui/pagination.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import type { UsageRange } from './spans.ts';
import { busyKeysQuery } from './usage-queries.ts';

interface BusyKeysProps {
  range: UsageRange;
  cursor: string | undefined;
  onPage(cursor: string): void;
}

/** A page of keys by their last use, and of these the busiest first. */
export function BusyKeys({ range, cursor, onPage }: BusyKeysProps) {
  const t = useText();
  const { project } = useProject();
  const { data, error, refetch } = useQuery(busyKeysQuery(project.id, range, cursor));
  const rows = useMemo(() => {
    const counts = new Map<string, { accepted: number; refused: number }>();
    for (const { keyId = '', code, count } of data?.buckets ?? []) {
      const sum = counts.get(keyId) ?? { accepted: 0, refused: 0 };
      sum[code === 'valid' ? 'accepted' : 'refused'] += count;
      counts.set(keyId, sum);
    }
    return (data?.keys ?? [])
      .map((k) => ({ k, accepted: 0, refused: 0, ...counts.get(k.id) }))
      .sort((a, b) => b.accepted + b.refused - (a.accepted + a.refused));
  }, [data]);
  const most = Math.max(1, ...rows.map(({ accepted, refused }) => accepted + refused));
  return (
    <section
      aria-labelledby="busy-keys"
      className="overflow-hidden rounded-2xl border border-line bg-surface"
    >
      <header className="border-b border-line px-4 py-3">
        <h2 id="busy-keys" className="text-base font-semibold">
          {t('usage.busiest')}
        </h2>
        <p className="text-[0.8125rem] text-muted">
          {t('usage.busiestText', { range: t(`usage.range.${range}`).toLocaleLowerCase() })}
        </p>
      </header>
      {error && !data ? (
        <div role="alert">
          <EmptyState icon={<KeyRound />} title={t('keys.notLoaded')} text={explainError(error)}>
            <Button onClick={() => void refetch()}>{t('retry')}</Button>
          </EmptyState>
        </div>
      ) : !data ? (
        <div className="p-4">
          <Skeleton className="h-40 w-full" />
        </div>
      ) : rows.length === 0 ? (
        <EmptyState icon={<KeyRound />} title={t('keys.empty')} text={t('keys.emptyText')} />
      ) : (
        <>
          <table className="w-full">
            <thead className="text-left text-[0.8125rem] text-muted">
              <tr className="border-b border-line">
                <th scope="col" className="px-4 py-2 font-medium">
                  {t('keys.column.name')}
                </th>
                <th scope="col" className="px-4 py-2 font-medium max-md:hidden">
                  {t('keys.column.status')}
                </th>
                <th scope="col" className="px-4 py-2 font-medium max-md:hidden">
                  {t('keys.column.lastUsed')}
                </th>
                <th scope="col" className="px-4 py-2 text-right font-medium">
                  {t('usage.accepted')}
                </th>
                <th scope="col" className="px-4 py-2 text-right font-medium">
                  {t('usage.refused')}
                </th>
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {rows.map(({ k, accepted, refused }) => (
                <tr key={k.id}>
                  <th scope="row" className="w-full max-w-0 px-4 py-2 text-left font-normal">
                    <Link
                      to="/apikeys/$keyId"
                      params={{ keyId: k.id }}
                      search={{ project: k.projectId, ...(range !== 'day' && { range }) }}
                      className="block truncate font-medium underline-offset-4 hover:underline"
                    >
                      {k.name}
                    </Link>
                    <Share accepted={accepted} refused={refused} most={most} />
                  </th>
                  <td className="px-4 py-2 max-md:hidden">
                    <StatusBadge status={k.status} />
                  </td>
                  <td className="px-4 py-2 max-md:hidden">
                    <RelativeTime time={k.lastUsedAt} never={t('keys.neverUsed')} />
                  </td>
                  <td className="px-4 py-2 text-right tabular-nums">{accepted.toLocaleString()}</td>
                  <td className="px-4 py-2 text-right tabular-nums">
                    <span className={refused > 0 ? 'font-medium text-bad' : 'text-muted'}>
                      {refused.toLocaleString()}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <Pagination page={data.page} label={t('usage.busiestPages')} onPage={onPage} />
        </>
      )}
    </section>
  );
}

/** How much of the page's most used key it was; what was refused at the end of the bar. */
function Share({ accepted, refused, most }: { accepted: number; refused: number; most: number }) {
  return (
    <span aria-hidden className="mt-1.5 flex h-1.5 overflow-hidden rounded-full bg-sunken">
      <span className="bg-good-solid" style={{ width: `${(accepted / most) * 100}%` }} />
      <span className="bg-bad-solid" style={{ width: `${(refused / most) * 100}%` }} />
    </span>
  );
}
