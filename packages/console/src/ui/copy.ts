/**
 * Puts text on the clipboard. On plain HTTP browsers have no `navigator.clipboard`; then the text is selected in a field
 * and copied the old way. The field stands inside the dialog that is open, which would take the focus back from any
 * other place.
 * @returns whether it is really there
 */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not allowed, or the page is not in front: the old way may still work.
    }
  }
  return copyBySelection(text);
}

function copyBySelection(text: string): boolean {
  const before = document.activeElement;
  const home = before?.closest('[role=dialog], [role=alertdialog]') ?? document.body;
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.setAttribute('aria-hidden', 'true');
  field.tabIndex = -1;
  field.style.cssText = 'position:fixed;inset:0 auto auto 0;opacity:0;pointer-events:none';
  home.append(field);
  try {
    field.focus({ preventScroll: true });
    field.select();
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    field.value = '';
    field.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  }
}
