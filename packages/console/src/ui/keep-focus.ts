/** Where the keyboard stops; no texts, which would bring up the keyboard of a phone. */
const stops = ':is(a[href], button, select, [role=checkbox], [tabindex="0"]):not(:disabled)';

/**
 * Hands the focus on when what had it is gone or was switched off: a row that was deleted, a button with nothing more to
 * do. Browsers would drop it, and who uses the keyboard or a screen reader would be nowhere. It goes to what stands next
 * to that and is in sight, else to the first thing in sight.
 */
export function keepFocus(): void {
  let holder: Element | null = document.activeElement;
  addEventListener('focusin', ({ target }) => {
    holder = target as Element;
  });
  // Whoever points at something that takes no focus wants it nowhere.
  addEventListener('pointerdown', () => {
    holder = null;
  });
  new MutationObserver((changes) => {
    const lost = holder;
    if (!lost || (lost.isConnected && !lost.matches(':disabled'))) return;
    holder = null;
    const near = lost.isConnected
      ? stopsBeside(lost, lost.previousSibling, lost.nextSibling)
      : stopsBesideRemoved(lost, changes);
    // A dialog that opens or closes just now places the focus itself.
    requestAnimationFrame(() => {
      const { activeElement } = document;
      if (activeElement !== document.body && activeElement !== lost) return;
      const heir = [...near, ...stopsIn(findForeground())].find(isInSight);
      (heir ?? document.getElementById('main'))?.focus({ preventScroll: true });
    });
  }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['disabled'] });
}

function stopsBesideRemoved(lost: Node, changes: readonly MutationRecord[]): HTMLElement[] {
  let place = lost;
  return changes.flatMap(({ removedNodes, previousSibling, nextSibling, target }) => {
    const removed = [...removedNodes].find((node) => node.contains(place));
    if (!removed) return [];
    place = target;
    return stopsBeside(removed, previousSibling, nextSibling);
  });
}

/** Those of the nearest on either side; of rows the next one comes first. */
function stopsBeside(place: Node, previous: Node | null, next: Node | null): HTMLElement[] {
  let [before, after]: [HTMLElement[], HTMLElement[]] = [[], []];
  for (let node = previous; node && before.length === 0; node = node.previousSibling) before = stopsIn(node);
  for (let node = next; node && after.length === 0; node = node.nextSibling) after = stopsIn(node);
  return place instanceof Element && place.matches('li, tr') ? [...after, ...before] : [...before, ...after];
}

function stopsIn(node: Node | null | undefined): HTMLElement[] {
  if (!(node instanceof HTMLElement)) return [];
  const inside = [...node.querySelectorAll<HTMLElement>(stops)];
  return node.matches(stops) ? [node, ...inside] : inside;
}

/** The dialog over all others, or the page. */
function findForeground(): Element | undefined {
  return [...document.querySelectorAll('#main, [role$=dialog][data-open]')].at(-1);
}

function isInSight(stop: HTMLElement): boolean {
  const { top, bottom, height } = stop.getBoundingClientRect();
  const highest = Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop);
  return stop.isConnected && height > 0 && top >= highest && bottom <= innerHeight;
}
