const restMs = 2000;

/** Does what can wait until the screen is there and the browser has nothing else to do. */
export function whenIdle(act: () => void): void {
  // Safari has no requestIdleCallback.
  setTimeout(() => (window.requestIdleCallback ?? setTimeout)(act), restMs);
}
