// Before anything is painted: the theme that was chosen, or the system's, so that no page flashes in the wrong one.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('keywright.theme');
  } catch {}
  const isDark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
})();
