// Runs in the page: clicks, and answers how many milliseconds later other rows are painted and none is out of date.
globalThis.clickToPaint = async (target, range) => {
  const shown = () =>
    [...document.querySelectorAll('tbody tr')].map((row) => row.getAttribute('data-key-id')).join();
  const before = shown();
  const isThere = () =>
    shown() !== before &&
    document.querySelector('nav[aria-label=Pages]')?.textContent?.includes(range) &&
    !document.querySelector('table.opacity-60');
  const start = performance.now();
  document.querySelector(target)?.click();
  await new Promise((resolve) => {
    const look = () => (isThere() ? resolve() : requestAnimationFrame(look));
    requestAnimationFrame(look);
  });
  // The frame after the one in which it was there was painted.
  await new Promise(requestAnimationFrame);
  return performance.now() - start;
};
