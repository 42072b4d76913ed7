import { useEffect, useState } from 'react';
import type { FieldValues, Path, PathValue, UseFormReturn } from 'react-hook-form';
import { holdsSecret } from '../keys/found-secret.ts';

const prefix = 'keywright.draft.';

export interface Draft<Values> {
  /** What was typed before and is back; null: the form began as it always does. */
  restored: Partial<Values> | null;
  /** The form was sent: the next one begins anew. */
  forget(): void;
  /** Takes all of it out of the form again. */
  startOver(): void;
}

/**
 * Keeps what is typed into a form for as long as the tab is open, and brings it back when the form is opened again: after
 * a reload, and after it was closed by whatever means without being sent. Not for forms that hold a secret.
 * @param name of the form, and of what it is about
 */
export function useDraft<Values extends FieldValues>(
  form: UseFormReturn<Values>,
  name: string,
): Draft<Values> {
  const [initial] = useState(() => structuredClone(form.getValues()));
  const [restored, setRestored] = useState(() => readDraft<Values>(name));
  useEffect(() => {
    for (const [field, value] of Object.entries(readDraft<Values>(name) ?? {})) {
      form.setValue(field as Path<Values>, value as PathValue<Values, Path<Values>>, { shouldDirty: true });
    }
    return form.subscribe({
      formState: { values: true },
      callback: ({ values }) => writeDraft(name, typedInto(values, initial)),
    });
  }, [form, name, initial]);
  return {
    restored,
    forget: () => forgetDraft(name),
    startOver: () => {
      form.reset(initial);
      forgetDraft(name);
      setRestored(null);
    },
  };
}

/** Only what differs: what was not touched may be another when it comes back. And no secret that was pasted by mistake. */
function typedInto(values: object, initial: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(values).filter(([field, value]) => {
      const written = JSON.stringify(value);
      return written !== JSON.stringify(initial[field]) && !holdsSecret(written);
    }),
  );
}

function readDraft<Values>(name: string): Partial<Values> | null {
  try {
    return JSON.parse(sessionStorage.getItem(prefix + name) ?? 'null') as Partial<Values> | null;
  } catch {
    return null;
  }
}

function writeDraft(name: string, typed: object): void {
  if (Object.keys(typed).length === 0) {
    forgetDraft(name);
    return;
  }
  try {
    sessionStorage.setItem(prefix + name, JSON.stringify(typed));
  } catch {
    // Without storage the form begins anew.
  }
}

function forgetDraft(name: string): void {
  sessionStorage.removeItem(prefix + name);
}

/** Forgets all of them: whoever sits here next has nothing to do with them. */
export function forgetDrafts(): void {
  const names = Object.keys(sessionStorage).filter((key) => key.startsWith(prefix));
  for (const name of names) sessionStorage.removeItem(name);
}
