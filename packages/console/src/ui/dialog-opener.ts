import { type RefCallback, useCallback, useState } from 'react';

/** From where each open dialog was opened, nearest first. */
const origins = new WeakMap<Element, readonly HTMLElement[]>();

interface DialogOpener {
  /** For the dialog's element. */
  ref: RefCallback<HTMLElement>;
  /** What gets the focus when the dialog is closed; false: what is in sight then, for nothing is left of it. */
  find(): HTMLElement | false;
}

/**
 * Remembers from where a dialog is opened, before anything in it takes the focus. The opener may be gone when the dialog
 * closes (a row that was deleted, an entry of a menu, a form that led to this): then the focus goes to what that was
 * opened from, and at last to what is in sight.
 */
export function useDialogOpener(): DialogOpener {
  const [places] = useState(findPlaces);
  const ref = useCallback(
    (dialog: HTMLElement | null) => {
      if (dialog) origins.set(dialog, places);
    },
    [places],
  );
  return {
    ref,
    find: () => places.find(({ isConnected }) => isConnected) ?? false,
  };
}

function findPlaces(): readonly HTMLElement[] {
  const active = document.activeElement;
  if (!(active instanceof HTMLElement) || active === document.body) return [];
  const trigger = document.getElementById(
    active.closest('[role=menu]')?.getAttribute('aria-labelledby') ?? '',
  );
  const opener = trigger ?? active;
  const dialog = opener.closest<HTMLElement>('[role=dialog], [role=alertdialog]');
  return dialog ? [opener, dialog, ...(origins.get(dialog) ?? [])] : [opener];
}
