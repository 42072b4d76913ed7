import { cn } from './class-names.ts';

/**
 * What a cell is, where a table has become cards and there are no columns.
 * @param className how wide it is, and from which width on there are columns
 */
export function CellLabel({ text, className }: { text: string; className: string }) {
  return <span className={cn('shrink-0 text-left text-[0.8125rem] text-muted', className)}>{text}</span>;
}
