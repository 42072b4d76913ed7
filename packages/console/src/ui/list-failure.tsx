import { SearchX } from 'lucide-react';
import { ApiError } from '../api/api-error.ts';
import { useText } from '../text/text.tsx';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';
import { explainError } from './notify.tsx';

interface ListFailureProps {
  title: string;
  error: Error;
  onRetry(): void;
  onFirstPage(): void;
}

/** In place of a list that was not loaded. A cursor in an old address may have lost what it belonged to: then the first page still works. */
export function ListFailure({ title, error, onRetry, onFirstPage }: ListFailureProps) {
  const t = useText();
  const isCursor = error instanceof ApiError && error.errors.some(({ path }) => path === 'cursor');
  const requestId = error instanceof ApiError ? error.requestId : null;
  return (
    <div role="alert">
      <EmptyState icon={<SearchX />} title={title} text={isCursor ? t('page.lost') : explainError(error)}>
        <Button onClick={isCursor ? onFirstPage : onRetry}>{t(isCursor ? 'page.first' : 'retry')}</Button>
      </EmptyState>
      {requestId && (
        <p className="-mt-8 pb-6 text-center text-xs text-muted">
          {t('failure.request')} <code className="font-mono break-all select-all">{requestId}</code>
        </p>
      )}
    </div>
  );
}
