import { cn } from './class-names.ts';

/** Where something will stand as soon as it is loaded. `className` says how large. */
export function Skeleton({ className }: { className: string }) {
  return <span aria-hidden className={cn('block animate-pulse rounded bg-line', className)} />;
}
