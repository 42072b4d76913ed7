import { Tabs } from '@base-ui/react/tabs';
import type { Channel } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Navigate } from '@tanstack/react-router';
import { ArrowLeft, Route as RouteIcon } from 'lucide-react';
import { useCallback, useState } from 'react';
import { ApiError } from '../api/api-error.ts';
import { withoutUndefined } from '../shell/page-search.ts';
import { useProject } from '../shell/project.tsx';
import { RouteError } from '../shell/route-error.tsx';
import { useText } from '../text/text.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { lateDialog, latePanel } from '../ui/late.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { TabList } from '../ui/tab-list.tsx';
import { useIsHere } from '../ui/use-is-here.ts';
import { ChannelHeader } from './channel-header.tsx';
import { ChannelOverview } from './channel-overview.tsx';
import {
  type ChannelPagePatch,
  type ChannelPartProps,
  type ChannelTab,
  channelTabs,
} from './channel-page-search.ts';
import { channelQuery } from './channel-queries.ts';

const route = getRouteApi('/app/channels/$channelId');

const GatewaySettings = latePanel(
  async () => (await import('./gateway-settings.tsx')).GatewaySettings,
  <Skeleton className="h-96 w-full rounded-2xl" />,
);
const FrontRecipes = latePanel(
  async () => (await import('./front-recipes.tsx')).FrontRecipes,
  <Skeleton className="h-96 w-full rounded-2xl" />,
);
const ChannelForm = lateDialog(async () => (await import('./channel-form.tsx')).ChannelForm);
const DeleteChannelDialog = lateDialog(
  async () => (await import('./delete-channel-dialog.tsx')).DeleteChannelDialog,
);

/** All about one channel. */
export function ChannelPage() {
  const t = useText();
  const { channelId } = route.useParams();
  const search = route.useSearch();
  const { project } = useProject();
  const { data: channel, error, refetch } = useQuery(channelQuery(project.id, channelId));
  const isGone = error instanceof ApiError && (error.status === 404 || error.status === 400);
  // It was here until now: whoever deleted it goes on with the others.
  if (isGone && channel) return <Navigate to="/channels" search={{ project: project.id }} replace />;
  if (error && !channel) {
    return (
      <>
        <BackToChannels />
        {isGone ? (
          <EmptyState icon={<RouteIcon />} title={t('channelPage.gone')} text={t('channelPage.goneText')} />
        ) : (
          <RouteError error={error} reset={() => void refetch()} />
        )}
      </>
    );
  }
  if (!channel) return <ChannelPageSkeleton />;
  if (channel.projectId !== project.id) {
    return (
      <Navigate
        to="/channels/$channelId"
        params={{ channelId }}
        search={{ ...search, project: channel.projectId }}
        replace
      />
    );
  }
  return <LoadedChannelPage key={channel.id} channel={channel} />;
}

function LoadedChannelPage({ channel }: { channel: Channel }) {
  const { canOperate } = useProject();
  const { dialog, ...search } = route.useSearch();
  const navigate = route.useNavigate();
  const isHere = useIsHere();
  const change = useCallback(
    (patch: ChannelPagePatch, isStep = false) => {
      void navigate({
        search: (before) => withoutUndefined({ ...before, ...patch }),
        replace: !isStep,
        resetScroll: false,
      });
    },
    [navigate],
  );
  const close = () => change({ dialog: undefined });
  return (
    <>
      <BackToChannels />
      <ChannelHeader channel={channel} onDialog={(wanted) => change({ dialog: wanted }, true)} />
      <ChannelTabs channel={channel} search={search} change={change} />
      {canOperate && (
        <>
          {dialog === 'edit' && <ChannelForm channel={channel} onClose={close} onCreated={close} />}
          {dialog === 'delete' && (
            <DeleteChannelDialog
              channel={channel}
              onClose={close}
              onDeleted={async () => {
                if (isHere()) await navigate({ to: '/channels', search: { project: channel.projectId } });
              }}
              onShowKeys={() =>
                void navigate({
                  to: '/channels',
                  search: { project: channel.projectId, keysOf: channel.id },
                })
              }
            />
          )}
        </>
      )}
    </>
  );
}

function ChannelTabs({ channel, search, change }: ChannelPartProps) {
  const t = useText();
  const tab: ChannelTab = search.tab ?? 'overview';
  // Once it is open it stays, so that nothing is lost that was typed.
  const [wasOpened, setOpened] = useState(tab === 'gateway');
  if (tab === 'gateway' && !wasOpened) setOpened(true);
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(next: ChannelTab) => change({ tab: next === 'overview' ? undefined : next }, true)}
    >
      <TabList
        className="mb-5"
        label={t('keyPage.tabs')}
        tabs={channelTabs.map((value) => ({ value, text: t(`channelPage.tab.${value}`) }))}
      />
      <Tabs.Panel value="overview">
        <ChannelOverview channel={channel} search={search} change={change} />
      </Tabs.Panel>
      <Tabs.Panel value="gateway" keepMounted={wasOpened}>
        <GatewaySettings channel={channel} />
      </Tabs.Panel>
      <Tabs.Panel value="proxies">
        <FrontRecipes channel={channel} search={search} change={change} />
      </Tabs.Panel>
    </Tabs.Root>
  );
}

function BackToChannels() {
  const t = useText();
  const { project } = useProject();
  return (
    <Link
      to="/channels"
      search={{ project: project.id }}
      className="mb-3 inline-flex items-center gap-1.5 rounded text-muted hover:text-ink"
    >
      <ArrowLeft className="size-4" aria-hidden />
      {t('channelPage.back')}
    </Link>
  );
}

function ChannelPageSkeleton() {
  return (
    <div className="flex flex-col gap-4">
      <Skeleton className="h-5 w-24" />
      <Skeleton className="h-8 w-64" />
      <Skeleton className="h-9 w-full" />
      <Skeleton className="h-96 w-full" />
    </div>
  );
}
