import { useEffect } from 'react';
import type { FieldValues, Path, PathValue, UseFormReturn } from 'react-hook-form';

const prefix = 'keywright.draft.';

/**
 * Keeps what is typed into a form for as long as the tab is open, and brings it back after a reload. Not for forms that
 * hold a secret.
 * @param name of the form, and of what it is about
 * @returns forgets it: the form was sent, or given up
 */
export function useDraft<Values extends FieldValues>(form: UseFormReturn<Values>, name: string): () => void {
  useEffect(() => {
    for (const [field, value] of Object.entries(readDraft(name))) {
      form.setValue(field as Path<Values>, value as PathValue<Values, Path<Values>>, { shouldDirty: true });
    }
    return form.subscribe({
      formState: { values: true },
      callback: ({ values }) => writeDraft(name, values),
    });
  }, [form, name]);
  return () => sessionStorage.removeItem(prefix + name);
}

function readDraft(name: string): object {
  try {
    return JSON.parse(sessionStorage.getItem(prefix + name) ?? '{}') as object;
  } catch {
    return {};
  }
}

function writeDraft(name: string, values: object): void {
  try {
    sessionStorage.setItem(prefix + name, JSON.stringify(values));
  } catch {
    // Without storage a reload begins anew.
  }
}

/** Forgets all of them: whoever sits here next has nothing to do with them. */
export function forgetDrafts(): void {
  const names = Object.keys(sessionStorage).filter((key) => key.startsWith(prefix));
  for (const name of names) sessionStorage.removeItem(name);
}
