import { FolderPlus } from 'lucide-react';
import { useText } from '../text/text.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { AccountMenu } from './account-menu.tsx';
import type { AccountMe } from './project.tsx';
import { ProjectSwitcher } from './project-switcher.tsx';

/** For an account that is a member of no project. An administrator may look at all of them. */
export function NoProject({ me }: { me: AccountMe }) {
  const t = useText();
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-3 p-6">
      <EmptyState
        icon={<FolderPlus />}
        title={t('project.none')}
        text={t(me.isInstanceAdmin ? 'project.noneTextAdmin' : 'project.noneText')}
      />
      <OutsideMenus me={me} />
    </main>
  );
}

/** What there is in place of the sidebar: into a project, where there is one to choose, and the own account. */
export function OutsideMenus({ me }: { me: AccountMe }) {
  return (
    <>
      {me.isInstanceAdmin && <ProjectSwitcher me={me} />}
      <AccountMenu me={me} />
    </>
  );
}
