import { type ReactNode, useId } from 'react';
import { cn } from './class-names.ts';

interface SectionProps {
  title: ReactNode;
  text?: ReactNode;
  isDangerous?: boolean;
  /** Beside the title: what can be done with the whole. */
  actions?: ReactNode;
  /** Without space around it, for lists. */
  isFlush?: boolean;
  children?: ReactNode;
}

/** A part of a page with a title of its own. */
export function Section({ title, text, isDangerous, actions, isFlush, children }: SectionProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={cn(
        'mb-6 overflow-hidden rounded-2xl border bg-surface',
        isDangerous ? 'border-bad/40' : 'border-line',
      )}
    >
      <header
        className={cn(
          'flex flex-wrap items-start justify-between gap-x-6 gap-y-3 px-4 pt-4 sm:px-6 sm:pt-5',
          !children && 'pb-4 sm:pb-5',
        )}
      >
        <div className="min-w-0 flex-1 basis-64">
          <h2 id={id} className="font-semibold">
            {title}
          </h2>
          {text && <p className="mt-0.5 max-w-2xl text-muted">{text}</p>}
        </div>
        {actions}
      </header>
      {children && <div className={isFlush ? 'mt-4' : 'px-4 pt-4 pb-5 sm:px-6 sm:pb-6'}>{children}</div>}
    </section>
  );
}
