import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { useMemo } from 'react';
import { RelativeTime } from '../keys/key-cells.tsx';
import { useKeyTitle } from '../keys/key-title.ts';
import { StatusBadge } from '../keys/status-badge.tsx';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { explainError } from '../ui/notify.tsx';
import { Pagination } from '../ui/pagination.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { busyKeysQuery, pageOf } from './busy-keys-query.ts';
import type { UsageRange } from './spans.ts';

interface BusyKeysProps {
  range: UsageRange;
  cursor: string | undefined;
  onPage(cursor: string): void;
}

/** The keys that were asked for most, the busiest first. */
export function BusyKeys({ range, cursor, onPage }: BusyKeysProps) {
  const t = useText();
  const titleOf = useKeyTitle();
  const { project, canOperate } = useProject();
  const { data, error, refetch } = useQuery(busyKeysQuery(project.id, range));
  const { rows, page } = useMemo(() => pageOf(data?.rows ?? [], cursor), [data, cursor]);
  const [busiest] = data?.rows ?? [];
  const most = busiest ? busiest.accepted + busiest.refused : 1;
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
          {t('usage.busiestText', { range: t(`usage.range.${range}`).toLocaleLowerCase() })}{' '}
          {data && data.looked < data.total && t('usage.busiestOf', { count: data.looked })}
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
        <EmptyState
          icon={<KeyRound />}
          title={t('usage.busiestNone')}
          text={t(canOperate ? 'usage.busiestNoneText' : 'usage.busiestNoneTextOwn')}
        />
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
                      {titleOf(k)}
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
          <Pagination page={page} label={t('usage.busiestPages')} onPage={onPage} />
        </>
      )}
    </section>
  );
}

/** How much of the busiest key's requests it had; what was refused at the end of the bar. */
function Share({ accepted, refused, most }: { accepted: number; refused: number; most: number }) {
  return (
    <span aria-hidden className="mt-1.5 flex h-1.5 overflow-hidden rounded-full bg-sunken">
      <span className="bg-good-solid" style={{ width: `${(accepted / most) * 100}%` }} />
      <span className="bg-bad-solid" style={{ width: `${(refused / most) * 100}%` }} />
    </span>
  );
}
