import { type ReactNode, useId } from 'react';
import { ApiError } from '../api/api-error.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { explainError } from '../ui/notify.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

interface SectionProps {
  title: string;
  text?: ReactNode;
  children: ReactNode;
}

/** A part of the page: what it is about on the left, what can be done on the right; on narrow screens below. */
export function Section({ title, text, children }: SectionProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="grid gap-x-10 gap-y-4 border-t border-line py-7 first:border-t-0 first:pt-0 md:grid-cols-[15rem_minmax(0,1fr)]"
    >
      <div>
        <h2 id={id} className="text-base font-semibold">
          {title}
        </h2>
        {text && <p className="mt-1 text-muted">{text}</p>}
      </div>
      <div className="min-w-0">{children}</div>
    </section>
  );
}

/** What a section's controls stand on. */
export function Card({ children }: { children: ReactNode }) {
  return <div className="rounded-2xl border border-line bg-surface p-5">{children}</div>;
}

/** While a section is loaded. */
export function CardSkeleton() {
  return (
    <Card>
      <Skeleton className="h-5 w-40" />
      <Skeleton className="mt-3 h-4 w-full max-w-96" />
    </Card>
  );
}

/** In place of a section that could not be loaded. */
export function CardFailure({ error, onRetry }: { error: unknown; onRetry(): void }) {
  const t = useText();
  return (
    <div role="alert" className="rounded-2xl border border-line bg-surface p-5">
      <p className="font-medium">{t('account.notLoaded')}</p>
      <p className="mt-1 text-muted">{explainError(error)}</p>
      {error instanceof ApiError && error.requestId && (
        <p className="mt-1 text-xs text-muted">
          {t('failure.request')} <code className="font-mono break-all select-all">{error.requestId}</code>
        </p>
      )}
      <Button className="mt-3" onClick={onRetry}>
        {t('retry')}
      </Button>
    </div>
  );
}
