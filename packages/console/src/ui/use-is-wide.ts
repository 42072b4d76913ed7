import { useSyncExternalStore } from 'react';

const queries = {
  768: matchMedia('(min-width: 768px)'),
  1024: matchMedia('(min-width: 1024px)'),
  1280: matchMedia('(min-width: 1280px)'),
} as const;

/** Whether a table has room that needs a window of so many pixels; else what it lists is shown as cards. */
export function useIsWide(pixels: keyof typeof queries): boolean {
  const query = queries[pixels];
  return useSyncExternalStore(
    (tell) => {
      query.addEventListener('change', tell);
      return () => query.removeEventListener('change', tell);
    },
    () => query.matches,
  );
}
