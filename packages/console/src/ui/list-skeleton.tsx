import { useText } from '../text/text.tsx';
import { Skeleton } from './skeleton.tsx';

export function ListSkeleton() {
  const t = useText();
  return (
    <div role="status" aria-label={t('loading')} className="divide-y divide-line">
      {['w-40', 'w-52', 'w-36', 'w-48', 'w-44'].map((width) => (
        <div key={width} className="flex items-center gap-6 px-4 py-3.5">
          <Skeleton className="size-4.5" />
          <Skeleton className={`h-4 ${width}`} />
          <Skeleton className="h-4 w-36 max-sm:hidden" />
          <Skeleton className="ml-auto h-4 w-20" />
        </div>
      ))}
    </div>
  );
}
