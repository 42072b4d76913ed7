import { keepPreviousData, queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { FolderPlus, Lock } from 'lucide-react';
import { api } from '../api/api.ts';
import { meQuery } from '../api/queries.ts';
import { withoutUndefined } from '../shell/page-search.ts';
import { useText } from '../text/text.tsx';
import { buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ListFailure } from '../ui/list-failure.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Pagination } from '../ui/pagination.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { ProjectList } from './project-list.tsx';
import type { ProjectsSearch } from './projects-search.ts';

const route = getRouteApi('/app/projects');

function projectsQuery({ cursor }: ProjectsSearch) {
  return queryOptions({
    queryKey: ['projects', 'page', cursor ?? null],
    queryFn: ({ signal }) => api('GET /v1/projects', { query: { cursor }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** Every project of the instance, however many there are, for its administrators. */
export function ProjectsPage() {
  const t = useText();
  const { data: me } = useSuspenseQuery(meQuery);
  if (me.type === 'account' && me.isInstanceAdmin) return <Projects />;
  return <EmptyState icon={<Lock />} title={t('projects.forAdmins')} text={t('projects.forAdminsText')} />;
}

function Projects() {
  const t = useText();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useQuery(projectsQuery(search));
  const goTo = (cursor: string | undefined) =>
    void navigate({ search: (before) => withoutUndefined({ ...before, cursor }), resetScroll: true });
  return (
    <>
      <PageHeader title={t('projects.title')} text={t('projects.text')}>
        <NewProject />
      </PageHeader>
      <section
        aria-label={t('projects.title')}
        className="overflow-hidden rounded-2xl border border-line bg-surface"
      >
        {list.isError && !list.data ? (
          <ListFailure
            title={t('projects.notLoaded')}
            error={list.error}
            onRetry={() => void list.refetch()}
            onFirstPage={() => goTo(undefined)}
          />
        ) : list.data === undefined ? (
          <div className="flex flex-col gap-5 p-4" aria-busy>
            <Skeleton className="h-5 w-full" />
            <Skeleton className="h-5 w-full" />
            <Skeleton className="h-5 w-full" />
          </div>
        ) : list.data.items.length === 0 ? (
          <EmptyState icon={<FolderPlus />} title={t('projects.empty')} text={t('projects.emptyText')}>
            <NewProject />
          </EmptyState>
        ) : (
          <>
            <ProjectList items={list.data.items} isStale={list.isPlaceholderData} />
            <Pagination page={list.data.page} onPage={goTo} />
          </>
        )}
      </section>
    </>
  );
}

function NewProject() {
  const t = useText();
  return (
    <Link
      to="/projects/new"
      search={({ project }) => withoutUndefined({ project })}
      className={buttonClass('primary')}
    >
      {t('project.new')}
    </Link>
  );
}
