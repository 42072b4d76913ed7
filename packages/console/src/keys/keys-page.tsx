import { getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useText } from '../text/text.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { changeSearch, type KeyListState } from './key-list-search.ts';
import { KeyManager } from './key-manager.tsx';

const route = getRouteApi('/app/apikeys');

export function KeysPage() {
  const t = useText();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = useCallback<KeyListState['change']>(
    (patch, isStep = false) => {
      void navigate({
        search: (before) => changeSearch(before, patch),
        replace: !isStep,
        resetScroll: 'cursor' in patch,
      });
    },
    [navigate],
  );
  return (
    <KeyManager
      channel={null}
      search={search}
      change={change}
      header={(createButton) => (
        <PageHeader title={t('keys.title')} text={t('keys.advice')}>
          {createButton}
        </PageHeader>
      )}
    />
  );
}
