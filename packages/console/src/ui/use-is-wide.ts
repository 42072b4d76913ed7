import { useSyncExternalStore } from 'react';

const queries = {
  page: matchMedia('(min-width: 768px)'),
  dialog: matchMedia('(min-width: 1024px)'),
} as const;

/** Whether a table has room; else what it lists is shown as cards. A dialog has less room than a page. */
export function useIsWide(place: keyof typeof queries = 'page'): boolean {
  const query = queries[place];
  return useSyncExternalStore(
    (tell) => {
      query.addEventListener('change', tell);
      return () => query.removeEventListener('change', tell);
    },
    () => query.matches,
  );
}
