import { useQuery } from '@tanstack/react-query';
import { UserRoundCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import { sessionQuery } from '../api/queries.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { forgetDrafts } from '../ui/draft.ts';
import type { AccountMe } from './project.tsx';

/**
 * Another tab may sign in as somebody else: then what is shown here is no longer this person's to see or to change. It is
 * noticed when one comes back to this tab, and the page begins anew; where something is not saved the browser asks first,
 * and this goes on saying so.
 */
export function AccountChange({ me }: { me: AccountMe }) {
  const t = useText();
  const [former] = useState(me);
  const { data, refetch } = useQuery({ ...sessionQuery, refetchOnWindowFocus: false, retry: false });
  useEffect(() => {
    const look = () => void (document.visibilityState === 'visible' && refetch());
    addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [refetch]);
  const present = [data?.account, me].find((each) => each && each.id !== former.id);
  const isChanged = Boolean(present);
  useEffect(() => {
    if (isChanged) beginAnew();
  }, [isChanged]);
  if (!present) return null;
  return (
    <div
      role="alert"
      className="sticky top-0 z-30 flex flex-wrap items-center justify-center gap-x-3 gap-y-1 bg-warn-soft px-4 py-2 text-warn"
    >
      <UserRoundCheck className="size-4" aria-hidden />
      <span>{t('accountChange.text', { name: present.name, former: former.name })}</span>
      <Button size="small" onClick={beginAnew}>
        {t('accountChange.goOn', { name: present.name })}
      </Button>
    </div>
  );
}

/** Not where this page is: the other person may have nothing to do with it. */
function beginAnew(): void {
  forgetDrafts();
  location.assign('/apikeys');
}
