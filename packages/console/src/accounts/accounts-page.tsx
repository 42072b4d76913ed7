import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Lock, SearchX } from 'lucide-react';
import { useCallback } from 'react';
import { meQuery } from '../api/queries.ts';
import { type SearchPatch, withoutUndefined } from '../shell/page-search.ts';
import type { AccountMe } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { lateDialog } from '../ui/late.tsx';
import { UnavailableDialog } from '../ui/late-unavailable-dialog.ts';
import { ListFailure } from '../ui/list-failure.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Pagination } from '../ui/pagination.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { AccountList } from './account-list.tsx';
import { accountsQuery } from './account-queries.ts';
import type { AccountsSearch } from './accounts-search.ts';

const AdminDialog = lateDialog(async () => (await import('./admin-dialog.tsx')).AdminDialog);
const EraseDialog = lateDialog(async () => (await import('./erase-account-dialog.tsx')).EraseAccountDialog);

const LinkDialog = lateDialog(async () => (await import('./link-dialog.tsx')).LinkDialog);

const route = getRouteApi('/app/accounts');

/** Everybody who can sign in, for administrators of the instance. */
export function AccountsPage() {
  const t = useText();
  const { data: me } = useSuspenseQuery(meQuery);
  if (me.type === 'account' && me.isInstanceAdmin) return <Accounts me={me} />;
  return <EmptyState icon={<Lock />} title={t('accounts.forAdmins')} text={t('accounts.forAdminsText')} />;
}

function Accounts({ me }: { me: AccountMe }) {
  const t = useText();
  const { search, change } = useAccountsSearch();
  const list = useQuery(accountsQuery(search));
  const items = list.data?.items;
  const chosen = items?.find(({ id }) => id === search.account);
  const close = () => change({ dialog: undefined, account: undefined });
  return (
    <>
      <PageHeader title={t('accounts.title')} text={t('accounts.text')} />
      <section
        aria-label={t('accounts.title')}
        className="overflow-hidden rounded-2xl border border-line bg-surface"
      >
        <search className="flex border-b border-line p-3">
          <SearchField
            value={search.q ?? ''}
            label={t('accounts.search')}
            hint={t('accounts.searchHint')}
            onSearch={(q) => change({ q: q || undefined, cursor: undefined })}
          />
        </search>
        {list.isError && !items ? (
          <ListFailure
            title={t('accounts.notLoaded')}
            error={list.error}
            onRetry={() => void list.refetch()}
            onFirstPage={() => change({ cursor: undefined })}
          />
        ) : items === undefined ? (
          <div className="flex flex-col gap-5 p-4" aria-busy>
            <Skeleton className="h-5 w-full" />
            <Skeleton className="h-5 w-full" />
            <Skeleton className="h-5 w-full" />
          </div>
        ) : items.length === 0 ? (
          <EmptyState icon={<SearchX />} title={t('accounts.noMatch')} text={t('accounts.noMatchText')}>
            <Button onClick={() => change({ q: undefined, cursor: undefined }, true)}>
              {t('accounts.clear')}
            </Button>
          </EmptyState>
        ) : (
          <AccountList
            items={items}
            meId={me.id}
            isStale={list.isPlaceholderData}
            onDialog={(dialog, account) => change({ dialog, account }, true)}
          />
        )}
        {list.data && list.data.items.length > 0 && (
          <Pagination page={list.data.page} onPage={(cursor) => change({ cursor }, true)} />
        )}
      </section>
      {(search.dialog === 'make-admin' || search.dialog === 'unmake-admin') && chosen && (
        <AdminDialog
          account={chosen}
          makes={search.dialog === 'make-admin'}
          isSelf={chosen.id === me.id}
          onClose={close}
        />
      )}
      {(search.dialog === 'reset-link' || search.dialog === 'confirm-link') && chosen && (
        <LinkDialog
          account={chosen}
          purpose={search.dialog === 'reset-link' ? 'reset_password' : 'confirm_email'}
          onClose={close}
        />
      )}
      {search.dialog === 'erase' && chosen && (
        <EraseDialog account={chosen} isSelf={chosen.id === me.id} onClose={close} />
      )}
      {search.dialog && items && !list.isPlaceholderData && !chosen && (
        <UnavailableDialog title={t('accounts.gone')} text={t('accounts.goneText')} onClose={close} />
      )}
    </>
  );
}

type Change = (patch: SearchPatch<AccountsSearch>, isStep?: boolean) => void;

function useAccountsSearch(): { search: AccountsSearch; change: Change } {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = useCallback<Change>(
    (patch, isStep = false) => {
      void navigate({
        search: (before) => withoutUndefined({ ...before, ...patch }),
        replace: !isStep,
        resetScroll: 'cursor' in patch,
      });
    },
    [navigate],
  );
  return { search, change };
}
