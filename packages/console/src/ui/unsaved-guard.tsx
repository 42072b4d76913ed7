import { useBlocker } from '@tanstack/react-router';
import { useEffect } from 'react';
import { lateAnswer } from './late.tsx';
import { prepareNotices } from './notify.tsx';

const LeaveDialog = lateAnswer(
  async () => (await import('./leave-dialog.tsx')).LeaveDialog,
  ({ onStay }) => onStay(),
  true,
);

interface UnsavedGuardProps {
  isDirty: boolean;
  /** Another tab of the page takes nothing away. */
  isKeptInTabs?: boolean;
}

/** Asks before what was typed and not saved is lost: by another page, another tab of this one, or closing it. */
export function UnsavedGuard({ isDirty, isKeptInTabs = false }: UnsavedGuardProps) {
  // What is not saved because the server is away must be told all the same.
  useEffect(prepareNotices, []);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      isDirty && placeOf(current, isKeptInTabs) !== placeOf(next, isKeptInTabs),
    enableBeforeUnload: isDirty,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return <LeaveDialog onStay={blocker.reset} onLeave={blocker.proceed} />;
}

/** A search among the texts leads nowhere else. */
function placeOf({ pathname, search }: { pathname: string; search: object }, isKeptInTabs: boolean): string {
  const { tab, project } = search as { tab?: string; project?: string };
  return [pathname, isKeptInTabs ? '' : tab, project].join('\n');
}
