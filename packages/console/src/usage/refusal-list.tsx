import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { ChevronRight, CircleCheck } from 'lucide-react';
import { api } from '../api/api.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { formatDateTime, formatRelative } from '../text/times.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Select } from '../ui/field.tsx';
import { explainError } from '../ui/notify.tsx';
import { Pagination } from '../ui/pagination.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { RefusalExplanation } from './refusal-explanation.tsx';
import { type RefusedCode, refusedCode, refusedCodes } from './refusal-search.ts';

interface Filter {
  keyId?: string | undefined;
  code?: RefusedCode | undefined;
  cursor?: string | undefined;
}

function refusalsQuery(projectId: string, filter: Filter) {
  return queryOptions({
    queryKey: ['projects', projectId, 'refusals', filter],
    queryFn: ({ signal }) =>
      api('GET /v1/projects/{projectId}/refusals', {
        params: { projectId },
        query: { ...filter, limit: 10 },
        signal,
      }),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
}

interface RefusalListProps extends Filter {
  onCode(code: RefusedCode | undefined): void;
  onPage(cursor: string): void;
}

/** The latest refusals, of a project or of one key; each unfolds into what was asked and why not. */
export function RefusalList({ keyId, code, cursor, onCode, onPage }: RefusalListProps) {
  const t = useText();
  const { project } = useProject();
  const { data, error, refetch } = useQuery(refusalsQuery(project.id, { keyId, code, cursor }));
  return (
    <section aria-labelledby="refusals" className="overflow-hidden rounded-2xl border border-line bg-surface">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3">
        <div className="min-w-0 flex-1 basis-64">
          <h2 id="refusals" className="text-base font-semibold">
            {t('refusal.latest')}
          </h2>
          <p className="text-[0.8125rem] text-muted">{t('refusal.latestText')}</p>
        </div>
        <Select
          aria-label={t('refusal.filter')}
          value={code ?? ''}
          className="h-8! w-auto! text-[0.8125rem]"
          onChange={({ target }) => onCode(refusedCode(target.value))}
        >
          <option value="">{t('refusal.any')}</option>
          {refusedCodes.map((each) => (
            <option key={each} value={each}>
              {t(`code.${each}`)}
            </option>
          ))}
        </Select>
      </header>
      {error && !data ? (
        <div role="alert">
          <EmptyState icon={<CircleCheck />} title={t('refusal.notLoaded')} text={explainError(error)}>
            <Button onClick={() => void refetch()}>{t('retry')}</Button>
          </EmptyState>
        </div>
      ) : !data ? (
        <div className="p-4">
          <Skeleton className="h-32 w-full" />
        </div>
      ) : data.items.length === 0 ? (
        <EmptyState
          icon={<CircleCheck />}
          title={t('refusal.none')}
          text={t(code ? 'refusal.noneOfCode' : 'refusal.noneText')}
        />
      ) : (
        <>
          <ul className="divide-y divide-line">
            {data.items.map((refusal) => (
              <li key={refusal.requestId}>
                <details className="group">
                  <summary className="flex cursor-pointer items-start gap-2 px-4 py-2.5 hover:bg-sunken">
                    <ChevronRight
                      className="mt-0.5 size-4 shrink-0 text-muted transition-transform group-open:rotate-90"
                      aria-hidden
                    />
                    <span className="flex min-w-0 flex-1 flex-wrap gap-x-3">
                      <span className="font-medium text-bad">{t(`code.${refusal.code}`)}</span>
                      {keyId === undefined && (
                        <span className="min-w-0 truncate">{refusal.key?.name ?? t('refusal.noKey')}</span>
                      )}
                      <span className="text-muted">
                        {[refusal.channel, refusal.ip].filter(Boolean).join(' · ')}
                      </span>
                    </span>
                    <time
                      dateTime={refusal.at}
                      title={formatDateTime(refusal.at)}
                      className="shrink-0 text-[0.8125rem] text-muted"
                    >
                      {formatRelative(refusal.at)}
                    </time>
                  </summary>
                  <div className="px-4 pb-4">
                    <RefusalExplanation refusal={refusal} />
                  </div>
                </details>
              </li>
            ))}
          </ul>
          <Pagination page={data.page} label={t('refusal.pages')} onPage={onPage} />
        </>
      )}
    </section>
  );
}
