import { useText } from '../text/text.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

/** While the server looks at a link. */
export function LinkWait() {
  const t = useText();
  return (
    <div role="status">
      <span className="sr-only">{t('loading')}</span>
      <Skeleton className="h-6 w-40" />
      <Skeleton className="mt-3 h-4 w-full" />
      <Skeleton className="mt-6 h-9 w-full" />
    </div>
  );
}
