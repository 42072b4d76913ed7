import type { ReactNode } from 'react';

/** One of the facts about something, in a `<dl>`: its name, and what it is. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-[0.8125rem] text-muted">{label}</dt>
      <dd className="flex min-h-8 min-w-0 items-center gap-1">{children}</dd>
    </div>
  );
}
