import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useCallback, useEffect } from 'react';
import { useText } from '../text/text.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { changeSearch, type KeyListState } from './key-list-search.ts';
import { KeyManager } from './key-manager.tsx';
import { rememberList } from './list-return.ts';

const route = getRouteApi('/app/apikeys');

export function KeysPage() {
  const t = useText();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { history } = useRouter();
  useEffect(() => rememberList(history, search), [history, search]);
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
