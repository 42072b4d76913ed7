import type { ReactNode } from 'react';

interface PageHeaderProps {
  title: ReactNode;
  text?: ReactNode;
  children?: ReactNode;
}

/** What stands on top of every page: its name, a sentence, and what can be done here. */
export function PageHeader({ title, text, children }: PageHeaderProps) {
  return (
    <header className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
      <div className="min-w-0 flex-1 basis-72 wrap-anywhere">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {text && <p className="mt-1 max-w-2xl text-muted">{text}</p>}
      </div>
      {children && <div className="flex flex-wrap items-center gap-3">{children}</div>}
    </header>
  );
}
