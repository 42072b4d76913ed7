import type { Page } from '@keywright/contract';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useText } from '../text/text.tsx';
import { Button } from './button.tsx';
import { Select } from './field.tsx';

interface PaginationProps {
  page: Page;
  /** What is paged, where a page has several lists. */
  label?: string;
  onPage(cursor: string): void;
  size?: number;
  sizes?: readonly number[];
  onSize?(size: number): void;
}

/** "21–40 of 1,312", with Previous and Next, each disabled when nothing is there. */
export function Pagination({ page, onPage, label, size, sizes = [], onSize }: PaginationProps) {
  const t = useText();
  const { from, to, total, totalIsExact, previous, next } = page;
  return (
    <nav
      aria-label={label ?? t('page.label')}
      className="flex flex-wrap items-center justify-between gap-x-2 gap-y-3 border-t border-line px-4 py-3"
    >
      <p className="text-muted tabular-nums" aria-live="polite">
        {total === 0
          ? t('page.none')
          : t(totalIsExact ? 'page.range' : 'page.rangeOfMore', { from, to, total })}
      </p>
      {onSize && (
        <Select
          aria-label={t('page.size')}
          value={size}
          onChange={(event) => onSize(Number(event.target.value))}
          className="ml-auto h-8! w-auto! text-[0.8125rem]"
        >
          {sizes.map((each) => (
            <option key={each} value={each}>
              {t('page.perPage', { count: each })}
            </option>
          ))}
        </Select>
      )}
      <div className="flex items-center gap-2 max-sm:ml-auto">
        <Button size="small" disabled={previous === null} onClick={() => previous && onPage(previous)}>
          <ChevronLeft aria-hidden />
          {t('page.previous')}
        </Button>
        <Button size="small" disabled={next === null} onClick={() => next && onPage(next)}>
          {t('page.next')}
          <ChevronRight aria-hidden />
        </Button>
      </div>
    </nav>
  );
}
