import { FolderPlus } from 'lucide-react';
import { useText } from '../text/text.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { AccountMenu } from './account-menu.tsx';
import type { AccountMe } from './project.tsx';
import { ProjectSwitcher } from './project-switcher.tsx';

/** For an account that is a member of no project. */
export function NoProject({ me }: { me: AccountMe }) {
  const t = useText();
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center p-6">
      <EmptyState icon={<FolderPlus />} title={t('project.none')} text={t('project.noneText')} />
      <ProjectSwitcher me={me} />
      <div className="mt-3">
        <AccountMenu me={me} />
      </div>
    </main>
  );
}
