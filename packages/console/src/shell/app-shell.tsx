import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, useChildMatches, useSearch } from '@tanstack/react-router';
import { Menu as MenuIcon } from 'lucide-react';
import { useEffect, useMemo, useReducer, useState } from 'react';
import { ApiError } from '../api/api-error.ts';
import { meQuery, projectQuery, publicInstanceQuery } from '../api/queries.ts';
import { presetWordings } from '../keys/presets.ts';
import { useText, Wordings } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { lateDialog } from '../ui/late.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { AccountChange } from './account-change.tsx';
import { AccountMenu } from './account-menu.tsx';
import { forgetLastProject, keepLastProject, readLastProject } from './last-project.ts';
import { Navigation } from './navigation.tsx';
import { NoProject, OutsideMenus } from './no-project.tsx';
import { type AccountMe, describeAccess, ProjectContext } from './project.tsx';
import { ProjectSwitcher } from './project-switcher.tsx';
import { RouteError } from './route-error.tsx';

const NarrowMenu = lateDialog(async () => (await import('./narrow-menu.tsx')).NarrowMenu, true);
const CommandPalette = lateDialog(async () => (await import('./command-palette.tsx')).CommandPalette, true);

/** The frame around every page of who is signed in: sidebar, project, and the page itself. */
export function AppShell() {
  const { data: me } = useSuspenseQuery(meQuery);
  if (me.type !== 'account') return null;
  return (
    <>
      <AccountChange me={me} />
      <ProjectFrame me={me} />
    </>
  );
}

function ProjectFrame({ me }: { me: AccountMe }) {
  const { project: asked } = useSearch({ from: '/app' });
  const [, chooseAgain] = useReducer((count: number) => count + 1, 0);
  const projectId = chooseProject(me, asked);
  if (projectId === null) return <OutsideProjects me={me} />;
  return <Frame key={projectId} me={me} projectId={projectId} onGone={chooseAgain} />;
}

/** What an administrator does before there is any project: make one, or see to the accounts. */
const outsideForAdmins: readonly unknown[] = ['/projects', '/projects/new', '/accounts'];

function OutsideProjects({ me }: { me: AccountMe }) {
  // Of what the outlet shows, which the address is ahead of for a moment.
  const path = useChildMatches({ select: (matches) => matches[0]?.fullPath });
  const isOutside = path === '/account' || (me.isInstanceAdmin && outsideForAdmins.includes(path));
  if (!isOutside) return <NoProject me={me} />;
  return (
    <main className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-8 sm:py-8">
      <Outlet />
      <div className="mt-8 flex max-w-md flex-col gap-3">
        <OutsideMenus me={me} />
      </div>
    </main>
  );
}

/** The one of the address, else the one of last time, which an administrator need not be a member of, else the first. */
function chooseProject(me: AccountMe, asked: string | undefined): string | null {
  if (asked !== undefined) return asked;
  const last = readLastProject();
  if (last !== null && (me.isInstanceAdmin || me.projects.some(({ id }) => id === last))) return last;
  return me.projects[0]?.id ?? null;
}

interface FrameProps {
  me: AccountMe;
  projectId: string;
  /** Told when there is no such project any more, and it is forgotten that it was the last one. */
  onGone(): void;
}

function Frame({ me, projectId, onGone }: FrameProps) {
  const { data: project, error, refetch } = useQuery(projectQuery(projectId));
  const current = useMemo(() => project && describeAccess(me, project), [me, project]);
  // Other words make the whole page anew, so they are the same as long as they say the same.
  const { wording, preset } = project ?? {};
  const wordings = useMemo(
    () => (wording && preset ? [wording, presetWordings[preset]] : []),
    [wording, preset],
  );
  useEffect(() => {
    if (project) keepLastProject(project.id);
  }, [project]);
  const isGone = error instanceof ApiError && error.status === 404;
  useEffect(() => {
    if (isGone && forgetLastProject(projectId)) onGone();
  }, [isGone, projectId, onGone]);
  if (error && !project) {
    return (
      <main className="mx-auto max-w-3xl p-6">
        <RouteError error={error} reset={() => void refetch()} />
        <ProjectSwitcher me={me} />
      </main>
    );
  }
  if (!current) return <FrameSkeleton />;
  return (
    <ProjectContext value={current}>
      <Wordings of={wordings}>
        <SkipLink />
        <div className="flex min-h-[calc(100dvh-var(--banner-height))]">
          <aside className="sticky top-(--banner-height) hidden h-[calc(100dvh-var(--banner-height))] w-60 shrink-0 flex-col border-r border-line bg-surface lg:flex">
            <SidebarContent me={me} />
          </aside>
          <div className="flex min-w-0 flex-1 flex-col">
            <NarrowHeader me={me} />
            <main
              id="main"
              tabIndex={-1}
              className="mx-auto w-full max-w-6xl flex-1 px-4 py-6 outline-none has-data-wide:max-w-[96rem] sm:px-8 sm:py-8"
            >
              <Outlet />
            </main>
          </div>
        </div>
        <PaletteOpener />
      </Wordings>
    </ProjectContext>
  );
}

function SidebarContent({ me, onNavigate }: { me: AccountMe; onNavigate?: () => void }) {
  const { data: instance } = useQuery(publicInstanceQuery);
  return (
    <>
      <div className="flex items-center gap-2.5 px-4 pt-4 pb-3">
        <img src="/icon.svg" alt="" className="size-7" />
        <span className="truncate font-semibold">{instance?.name ?? 'Keywright'}</span>
      </div>
      <div className="px-3 pb-2">
        <ProjectSwitcher me={me} />
      </div>
      <Navigation onNavigate={onNavigate} />
      <div className="mt-auto border-t border-line p-3">
        <AccountMenu me={me} />
      </div>
    </>
  );
}

/** The sidebar of a narrow screen: behind a button. */
function NarrowHeader({ me }: { me: AccountMe }) {
  const t = useText();
  const [isOpen, setOpen] = useState(false);
  const { data: instance } = useQuery(publicInstanceQuery);
  return (
    <header className="sticky top-(--banner-height) z-20 flex h-14 items-center gap-2 border-b border-line bg-surface px-3 lg:hidden">
      <Button look="ghost" size="icon" aria-label={t('nav.open')} onClick={() => setOpen(true)}>
        <MenuIcon aria-hidden />
      </Button>
      {isOpen && (
        <NarrowMenu onClose={() => setOpen(false)}>
          <SidebarContent me={me} onNavigate={() => setOpen(false)} />
        </NarrowMenu>
      )}
      <img src="/icon.svg" alt="" className="size-6" />
      <span className="truncate font-semibold">{instance?.name ?? 'Keywright'}</span>
    </header>
  );
}

function SkipLink() {
  const t = useText();
  return (
    <a
      href="#main"
      className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-lg focus:bg-surface focus:px-3 focus:py-2"
    >
      {t('nav.skip')}
    </a>
  );
}

/** Ctrl or ⌘ K. */
function PaletteOpener() {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const open = (event: Event) => {
      if (event instanceof KeyboardEvent) {
        if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
      }
      setOpen(true);
    };
    addEventListener('keydown', open);
    addEventListener('keywright:palette', open);
    return () => {
      removeEventListener('keydown', open);
      removeEventListener('keywright:palette', open);
    };
  }, []);
  return isOpen && <CommandPalette onClose={() => setOpen(false)} />;
}

function FrameSkeleton() {
  return (
    <div className="flex min-h-dvh" aria-busy>
      <div className="hidden w-60 border-r border-line bg-surface p-4 lg:block">
        <Skeleton className="h-7 w-32" />
        <Skeleton className="mt-6 h-9 w-full" />
      </div>
      <div className="flex-1 p-8">
        <Skeleton className="h-7 w-48" />
        <Skeleton className="mt-8 h-64 w-full max-w-5xl" />
      </div>
    </div>
  );
}
