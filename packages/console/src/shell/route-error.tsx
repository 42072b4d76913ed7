import { useQuery } from '@tanstack/react-query';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { ApiError, UnreachableError } from '../api/api-error.ts';
import { publicInstanceQuery } from '../api/queries.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { explainError } from '../ui/notify.tsx';

/** In place of a page that could not be shown. When the server was away, it comes by itself as soon as that is back. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const t = useText();
  const router = useRouter();
  const isUnreachable = error instanceof UnreachableError;
  const { refetch } = useReloadWhenBack(isUnreachable);
  const requestId = error instanceof ApiError ? error.requestId : null;
  return (
    <div role="alert">
      <EmptyState icon={<TriangleAlert />} title={t('routeError.title')} text={explainError(error)}>
        <Button
          look="primary"
          onClick={() => {
            if (isUnreachable) return void refetch();
            reset();
            void router.invalidate();
          }}
        >
          {t('retry')}
        </Button>
      </EmptyState>
      {requestId && (
        <p className="text-center text-xs text-muted">
          {t('failure.request')} <code className="font-mono select-all">{requestId}</code>
        </p>
      )}
    </div>
  );
}

/** Code that failed to load is not asked for again by the browser: the page has to be. */
function useReloadWhenBack(isOn: boolean) {
  const [since] = useState(Date.now);
  const query = useQuery({ ...publicInstanceQuery, enabled: isOn, refetchInterval: 4000, retry: false });
  const isBack = isOn && query.dataUpdatedAt > since;
  useEffect(() => {
    if (isBack) location.reload();
  }, [isBack]);
  return query;
}
