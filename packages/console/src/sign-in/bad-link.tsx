import type { ReactNode } from 'react';
import { ApiError } from '../api/api-error.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { explainError } from '../ui/notify.tsx';
import { FormTitle } from './form.tsx';

/** In place of what a link leads to: it is not whole, or good for nothing any more, or could not be looked at. */
export function BadLink({ error, children }: { error: unknown; children?: ReactNode }) {
  const t = useText();
  if (error === null) return <FormTitle title={t('link.broken')} text={t('link.brokenText')} />;
  const isRefused = error instanceof ApiError && error.status === 403;
  return (
    <div role="alert">
      <FormTitle title={t(isRefused ? 'link.bad' : 'link.unknown')} text={explainError(error)} />
      {isRefused ? children : <Button onClick={() => location.reload()}>{t('retry')}</Button>}
    </div>
  );
}
