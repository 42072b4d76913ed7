import { useQuery } from '@tanstack/react-query';
import { CloudOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { UnreachableError } from '../api/api-error.ts';
import { publicInstanceQuery, queryClient } from '../api/queries.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';

/** Says that the network or the server is away, for as long as it is; what is on the page stays. */
export function ConnectionBanner() {
  const t = useText();
  const isOnline = useSyncExternalStore(followNetwork, () => navigator.onLine);
  const isAway = useSyncExternalStore(followFailures, findFailure);
  const isOut = !isOnline || isAway;
  // While the server is away it is asked every few seconds whether it is back; then everything that failed is asked anew.
  const { refetch, isFetching } = useQuery({
    ...publicInstanceQuery,
    enabled: isOut,
    refetchInterval: isOut ? 4000 : false,
    retry: false,
  });
  if (!isOut) return null;
  return (
    <div
      ref={makeRoom}
      role="status"
      className="sticky top-0 z-30 flex flex-wrap items-center justify-center gap-x-3 gap-y-1 bg-warn-soft px-4 py-2 text-warn"
    >
      <CloudOff className="size-4" aria-hidden />
      <span>{isOnline ? t('connection.serverAway') : t('connection.offline')}</span>
      <Button size="small" isBusy={isFetching} onClick={() => void refetch()}>
        {t('retry')}
      </Button>
    </div>
  );
}

/** What else stands at the top of the screen stands below it. */
function makeRoom(banner: HTMLElement | null): (() => void) | undefined {
  if (banner === null) return undefined;
  const { style } = document.documentElement;
  const observer = new ResizeObserver(() => style.setProperty('--banner-height', `${banner.offsetHeight}px`));
  observer.observe(banner);
  return () => {
    observer.disconnect();
    style.removeProperty('--banner-height');
  };
}

function followNetwork(tell: () => void): () => void {
  addEventListener('online', tell);
  addEventListener('offline', tell);
  return () => {
    removeEventListener('online', tell);
    removeEventListener('offline', tell);
  };
}

let wasAway = false;

function followFailures(tell: () => void): () => void {
  return queryClient.getQueryCache().subscribe(() => {
    const isAway = findFailure();
    if (wasAway && !isAway)
      void queryClient.refetchQueries({ predicate: ({ state }) => state.status === 'error' });
    wasAway = isAway;
    tell();
  });
}

/** The last word counts: once anything was answered after it, a failure is over. */
function findFailure(): boolean {
  let lastAnswer = 0;
  let lastFailure = 0;
  for (const { state } of queryClient.getQueryCache().getAll()) {
    lastAnswer = Math.max(lastAnswer, state.dataUpdatedAt);
    if (state.error instanceof UnreachableError) lastFailure = Math.max(lastFailure, state.errorUpdatedAt);
  }
  return lastFailure > lastAnswer;
}
