import type { ReactNode } from 'react';
import type { FieldValues, Path, UseFormSetError } from 'react-hook-form';
import { ApiError } from '../api/api-error.ts';
import { explainError } from '../ui/notify.tsx';

export function FormTitle({ title, text }: { title: string; text?: ReactNode }) {
  return (
    <header className="mb-5">
      <h1 className="text-lg font-semibold tracking-tight">{title}</h1>
      {text && <p className="mt-1 text-muted">{text}</p>}
    </header>
  );
}

/** What went wrong with the whole form. */
export function FormFault({ children }: { children: ReactNode }) {
  if (!children) return null;
  return (
    <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-bad">
      {children}
    </p>
  );
}

/** Shows what the server said: beside the fields that it names, and above the form what is about the whole. */
export function showFaults<Values extends FieldValues>(
  error: unknown,
  setError: UseFormSetError<Values>,
  fields: readonly Path<Values>[],
): void {
  const faults = error instanceof ApiError ? error.errors : [];
  const known = faults.filter(({ path }) => (fields as readonly string[]).includes(path));
  for (const { path, message } of known) setError(path as Path<Values>, { message: sentence(message) });
  if (known.length === 0) setError('root', { message: explainError(error) });
}

/** "must not be empty" → "Must not be empty." */
export function sentence(message: string): string {
  const begun = message.slice(0, 1).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
