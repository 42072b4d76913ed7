import { useBlocker } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { lateAnswer } from './late.tsx';
import { prepareNotices } from './notify.tsx';

const LeaveDialog = lateAnswer(
  async () => (await import('./leave-dialog.tsx')).LeaveDialog,
  ({ onStay }) => onStay(),
  true,
);

/** For so long whoever leaves waits for what is being saved, before the question is put. */
const patienceMs = 1500;

interface UnsavedGuardProps {
  isDirty: boolean;
  /** Whether it is on its way to the server. */
  isSaving: boolean;
  /** Another tab of the page takes nothing away. */
  isKeptInTabs?: boolean;
}

/**
 * Asks before what was typed and not saved is lost: by another page, another tab of this one, or closing it. While it is
 * being saved, whoever leaves waits a moment for the answer, and is not asked if it is saved by then.
 */
export function UnsavedGuard({ isDirty, isSaving, isKeptInTabs = false }: UnsavedGuardProps) {
  // What is not saved because the server is away must be told all the same.
  useEffect(prepareNotices, []);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      isDirty && placeOf(current, isKeptInTabs) !== placeOf(next, isKeptInTabs),
    enableBeforeUnload: isDirty,
    withResolver: true,
  });
  const { status, proceed } = blocker;
  useEffect(() => {
    if (status === 'blocked' && !isDirty) proceed();
  }, [status, isDirty, proceed]);
  const [isPatient, setPatient] = useState(true);
  useEffect(() => {
    if (status !== 'blocked' || !isSaving) return;
    const timer = setTimeout(() => setPatient(false), patienceMs);
    return () => {
      clearTimeout(timer);
      setPatient(true);
    };
  }, [status, isSaving]);
  if (blocker.status !== 'blocked' || !isDirty || (isSaving && isPatient)) return null;
  return <LeaveDialog onStay={blocker.reset} onLeave={blocker.proceed} />;
}

/** A search among the texts leads nowhere else. */
function placeOf({ pathname, search }: { pathname: string; search: object }, isKeptInTabs: boolean): string {
  const { tab, project } = search as { tab?: string; project?: string };
  return [pathname, isKeptInTabs ? '' : tab, project].join('\n');
}
