import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Plus, Route as RouteIcon } from 'lucide-react';
import { useCallback } from 'react';
import { changeSearch } from '../keys/key-list-search.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ListFailure } from '../ui/list-failure.tsx';
import { ListSkeleton } from '../ui/list-skeleton.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Pagination } from '../ui/pagination.tsx';
import { useIsWide } from '../ui/use-is-wide.ts';
import { ChannelCards } from './channel-cards.tsx';
import type { OpenOfChannel } from './channel-controls.tsx';
import { ChannelDialogs } from './channel-dialogs.tsx';
import { channelListQuery } from './channel-queries.ts';
import { ChannelTable } from './channel-table.tsx';
import type { ChangeChannelsSearch } from './channels-search.ts';

const route = getRouteApi('/app/channels');

/** The channels of the project; the keys of each in a dialog. */
export function ChannelsPage() {
  const t = useText();
  const { project, canOperate } = useProject();
  const search = route.useSearch();
  const change = useChange();
  const list = useQuery(channelListQuery(project.id, search.page));
  const channels = list.data?.items;
  const isWide = useIsWide(1024);
  const isBare = channels?.length === 0 && search.page === undefined;
  const open = useCallback<OpenOfChannel>((dialog, { id }) => change({ [dialog]: id }, true), [change]);
  const newButton = canOperate && (
    <Button look="primary" onClick={() => change({ edit: 'new' }, true)}>
      <Plus aria-hidden />
      {t('channels.new')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('channels.title')} text={t('channels.text')}>
        {channels !== undefined && !isBare && newButton}
      </PageHeader>
      <section
        aria-label={t('channels.title')}
        className="overflow-hidden rounded-2xl border border-line bg-surface"
      >
        {list.isError && !channels ? (
          <ListFailure
            title={t('channels.notLoaded')}
            error={list.error}
            onRetry={() => void list.refetch()}
            onFirstPage={() => change({ page: undefined })}
          />
        ) : channels === undefined ? (
          <ListSkeleton />
        ) : channels.length === 0 ? (
          isBare ? (
            <EmptyState
              icon={<RouteIcon />}
              title={t('channels.empty')}
              text={t(canOperate ? 'channels.emptyText' : 'channels.emptyForMember')}
            >
              {newButton}
            </EmptyState>
          ) : (
            <EmptyState
              icon={<RouteIcon />}
              title={t('channels.nothingHere')}
              text={t('channels.nothingHereText')}
            >
              <Button onClick={() => change({ page: undefined })}>{t('page.first')}</Button>
            </EmptyState>
          )
        ) : isWide ? (
          <ChannelTable channels={channels} onOpen={open} isStale={list.isPlaceholderData} />
        ) : (
          <ChannelCards channels={channels} onOpen={open} />
        )}
        {list.data && !isBare && (
          <Pagination page={list.data.page} onPage={(page) => change({ page }, true)} />
        )}
      </section>
      <ChannelDialogs search={search} change={change} listed={channels} />
    </>
  );
}

function useChange(): ChangeChannelsSearch {
  const navigate = route.useNavigate();
  return useCallback(
    (patch, isStep = false) => {
      void navigate({
        search: (before) => changeSearch(before, patch),
        replace: !isStep,
        resetScroll: 'page' in patch,
      });
    },
    [navigate],
  );
}
