import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { ChevronsUpDown, FolderKanban, Folders, Plus } from 'lucide-react';
import { useContext } from 'react';
import { allProjectsQuery } from '../api/queries.ts';
import { useText } from '../text/text.tsx';
import { Menu } from '../ui/menu.tsx';
import { withoutUndefined } from './page-search.ts';
import { type AccountMe, ProjectContext } from './project.tsx';

/** Which project is looked at; changing it stays in the same section. */
export function ProjectSwitcher({ me }: { me: AccountMe }) {
  const t = useText();
  const navigate = useNavigate();
  const router = useRouter();
  const current = useContext(ProjectContext);
  const { data: all } = useInfiniteQuery({ ...allProjectsQuery, enabled: me.isInstanceAdmin });
  const projects = all ?? me.projects;
  const section = `/${router.state.location.pathname.split('/')[1] ?? 'apikeys'}`;
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          aria-label={current ? t('project.switch', { name: current.project.name }) : t('project.choose')}
          className="flex w-full items-center gap-2.5 rounded-lg border border-line px-2.5 py-2 text-left hover:bg-sunken"
        >
          <FolderKanban className="size-4 shrink-0 text-muted" aria-hidden />
          <span className="min-w-0 flex-1 truncate font-medium">
            {current?.project.name ?? t('project.choose')}
          </span>
          <ChevronsUpDown className="size-4 text-muted" aria-hidden />
        </button>
      }
      groups={[
        projects.map(({ id, name }) => ({
          label: name,
          chosen: id === current?.project.id && t('project.current'),
          onSelect: () => void navigate({ to: section, search: { project: id } }),
        })),
        me.isInstanceAdmin
          ? [
              {
                label: t('project.all'),
                icon: <Folders />,
                onSelect: () =>
                  void navigate({ to: '/projects', search: ({ project }) => withoutUndefined({ project }) }),
              },
              {
                label: t('project.new'),
                icon: <Plus />,
                onSelect: () => void navigate({ to: '/projects/new', search: true }),
              },
            ]
          : [],
      ]}
    />
  );
}
