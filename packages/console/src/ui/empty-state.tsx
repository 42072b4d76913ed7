import type { ReactNode } from 'react';

interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  text?: ReactNode;
  children?: ReactNode;
}

/** A place where nothing is yet, or nothing is left: it says why, and holds what to do about it. */
export function EmptyState({ icon, title, text, children }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center px-6 py-14 text-center wrap-anywhere">
      <div className="mb-4 grid size-12 place-items-center rounded-2xl border border-line bg-sunken text-muted [&_svg]:size-5.5">
        {icon}
      </div>
      <h2 className="text-base font-semibold">{title}</h2>
      {text && <p className="mt-1.5 max-w-md text-balance text-muted">{text}</p>}
      {children && <div className="mt-5 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}
