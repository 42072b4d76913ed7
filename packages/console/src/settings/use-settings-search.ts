import { getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import { withoutUndefined } from '../shell/page-search.ts';
import type { ChangeSettings, SettingsSearch } from './settings-search.ts';

const route = getRouteApi('/app/settings');

/** The page's state in the address, and how it is changed. */
export function useSettingsSearch(): { search: SettingsSearch; change: ChangeSettings } {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = useCallback<ChangeSettings>(
    (patch, isStep = false) => {
      void navigate({
        search: (before) => withoutUndefined({ ...before, ...patch }),
        replace: !isStep,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return { search, change };
}
