import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { api } from '../api/api.ts';
import { pollEvery } from '../api/queries.ts';
import { useProject } from '../shell/project.tsx';
import { type TextKey, useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Select } from '../ui/field.tsx';
import { explainError } from '../ui/notify.tsx';
import { Pagination } from '../ui/pagination.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { RefusalRow } from './refusal-row.tsx';
import { type RefusedCode, refusedCode, refusedCodes } from './refusal-search.ts';

interface Filter {
  keyId?: string | undefined;
  /** The id of a channel: what was asked at it. */
  channel?: string | undefined;
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
    refetchInterval: pollEvery(30_000),
  });
}

type Whose = 'project' | 'key' | 'channel';

interface RefusalListProps extends Filter {
  of: Whose;
  /** Beside the choice of a reason. */
  children?: ReactNode;
  onCode(code: RefusedCode | undefined): void;
  onPage(cursor: string): void;
}

const noneTexts: Readonly<Record<Whose, TextKey>> = {
  project: 'refusal.noneText',
  key: 'refusal.noneText',
  channel: 'refusal.noneOfChannel',
};

/** For a member, who sees what was asked with the own keys only. */
const noneTextsOwn: Readonly<Record<Whose, TextKey>> = {
  project: 'refusal.noneTextOwn',
  key: 'refusal.noneText',
  channel: 'refusal.noneOfChannelOwn',
};

/** The latest refusals, of a project, a key or a channel; each unfolds into what was asked and why not. */
export function RefusalList({ of, children, onCode, onPage, ...filter }: RefusalListProps) {
  const t = useText();
  const { project, canOperate } = useProject();
  const { code } = filter;
  const { data, error, refetch } = useQuery(refusalsQuery(project.id, filter));
  return (
    <section
      id="refusals"
      aria-labelledby="refusals-title"
      className="overflow-hidden rounded-2xl border border-line bg-surface"
    >
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3">
        <div className="min-w-0 flex-1 basis-64">
          <h2 id="refusals-title" className="text-base font-semibold">
            {t('refusal.latest')}
          </h2>
          <p className="text-[0.8125rem] text-muted">{t('refusal.latestText')}</p>
        </div>
        {children}
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
          text={t(code ? 'refusal.noneOfCode' : (canOperate ? noneTexts : noneTextsOwn)[of])}
        />
      ) : (
        <>
          <ul className="divide-y divide-line">
            {data.items.map((refusal) => (
              <RefusalRow key={refusal.requestId} refusal={refusal} of={of} />
            ))}
          </ul>
          <Pagination page={data.page} label={t('refusal.pages')} onPage={onPage} />
        </>
      )}
    </section>
  );
}
