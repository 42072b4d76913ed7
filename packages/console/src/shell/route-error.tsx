import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { ApiError } from '../api/api-error.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { explainError } from '../ui/notify.tsx';

/** In place of a page that could not be shown. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const t = useText();
  const router = useRouter();
  const requestId = error instanceof ApiError ? error.requestId : null;
  return (
    <div role="alert">
      <EmptyState icon={<TriangleAlert />} title={t('routeError.title')} text={explainError(error)}>
        <Button
          look="primary"
          onClick={() => {
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
