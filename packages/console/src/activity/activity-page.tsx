import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Download, History } from 'lucide-react';
import { useCallback, useState } from 'react';
import { withoutUndefined } from '../shell/page-search.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ListFailure } from '../ui/list-failure.tsx';
import { notifyFailure } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Pagination } from '../ui/pagination.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { ActivityFilters } from './activity-filters.tsx';
import type { ActivityPatch, ActivitySearch } from './activity-search.ts';
import { exportLedger } from './export-ledger.ts';
import { LedgerItem } from './ledger-item.tsx';
import { ledgerQuery } from './ledger-queries.ts';

const route = getRouteApi('/app/activity');

/** Who did what: the ledger of a project, as far as the person may see it. */
export function ActivityPage() {
  const t = useText();
  const { project, role, canOwn, me } = useProject();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = useCallback(
    (patch: ActivityPatch, isStep = false) => {
      void navigate({
        search: (before) => withoutUndefined({ ...before, cursor: undefined, ...patch }),
        replace: !isStep,
        resetScroll: 'cursor' in patch,
      });
    },
    [navigate],
  );
  const { data, error, refetch, isPlaceholderData } = useQuery(ledgerQuery(project.id, search));
  const { cursor, action, actor, subject, from, to } = search;
  const isFiltered = Boolean(action || actor || subject || from || to);
  return (
    <>
      <PageHeader title={t('activity.title')} text={t(`activity.text.${role}`)}>
        {canOwn && <ExportButtons search={search} />}
      </PageHeader>
      {me.isInstanceAdmin && <p className="-mt-3 mb-5 text-[0.8125rem] text-muted">{t('activity.chain')}</p>}
      <section
        aria-label={t('activity.title')}
        className="overflow-hidden rounded-2xl border border-line bg-surface"
      >
        <ActivityFilters search={search} change={change} />
        {error && !data ? (
          <ListFailure
            title={t('activity.notLoaded')}
            error={error}
            onRetry={() => void refetch()}
            onFirstPage={() => change({})}
          />
        ) : !data ? (
          <LedgerSkeleton />
        ) : data.items.length === 0 ? (
          <EmptyState
            icon={<History />}
            title={t(isFiltered || cursor ? 'activity.noMatch' : 'activity.empty')}
            text={t(isFiltered || cursor ? 'activity.noMatchText' : 'activity.emptyText')}
          />
        ) : (
          <ol className={isPlaceholderData ? 'divide-y divide-line opacity-60' : 'divide-y divide-line'}>
            {data.items.map((row) => (
              <LedgerItem key={row.seq} row={row} onFilter={(patch) => change(patch, true)} />
            ))}
          </ol>
        )}
        {data && <Pagination page={data.page} onPage={(next) => change({ cursor: next }, true)} />}
      </section>
    </>
  );
}

function ExportButtons({ search }: { search: ActivitySearch }) {
  const t = useText();
  const { project, me } = useProject();
  const [running, setRunning] = useState<'project' | 'instance' | null>(null);
  const run = async (what: 'project' | 'instance') => {
    setRunning(what);
    try {
      await (what === 'project' ? exportLedger(project.id, search) : exportLedger(null, {}));
    } catch (error) {
      notifyFailure(t('activity.notExported'), error);
    } finally {
      setRunning(null);
    }
  };
  return (
    <>
      <Button isBusy={running === 'project'} onClick={() => run('project')}>
        <Download aria-hidden />
        {t('activity.export')}
      </Button>
      {me.isInstanceAdmin && (
        <Button isBusy={running === 'instance'} onClick={() => run('instance')}>
          <Download aria-hidden />
          {t('activity.exportInstance')}
        </Button>
      )}
    </>
  );
}

export function LedgerSkeleton() {
  return (
    <div className="flex flex-col gap-4 p-4">
      {[1, 2, 3, 4, 5].map((row) => (
        <Skeleton key={row} className="h-5 w-full" />
      ))}
    </div>
  );
}
