import type { Channel } from '@keywright/contract';
import { Link } from '@tanstack/react-router';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { formatDateTime } from '../text/times.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Fact } from '../ui/fact.tsx';
import { RefusalList } from '../usage/refusal-list.tsx';
import type { ChannelPartProps } from './channel-page-search.ts';
import { gatewayAddress } from './gateway-address.ts';

/** How programs name the channel, where it leads, and what was refused at it. */
export function ChannelOverview({ channel, search, change }: ChannelPartProps) {
  const t = useText();
  return (
    <div className="flex flex-col gap-6">
      <ChannelFacts channel={channel} onEdit={() => change({ dialog: 'edit' }, true)} />
      <RefusalList
        of="channel"
        channel={channel.id}
        code={search.code}
        cursor={search.refusals}
        onCode={(code) => change({ code, refusals: undefined }, true)}
        onPage={(refusals) => change({ refusals }, true)}
      >
        <Link
          to="/usage"
          search={{ project: channel.projectId, channel: channel.id }}
          hash="refusals"
          className="text-[0.8125rem] font-medium underline underline-offset-4"
        >
          {t('channelPage.allRefusals')}
        </Link>
      </RefusalList>
    </div>
  );
}

function ChannelFacts({ channel, onEdit }: { channel: Channel; onEdit(): void }) {
  const t = useText();
  const { canOperate, me } = useProject();
  const { id, projectId, slug, upstream, keyCount, createdAt } = channel;
  const address = gatewayAddress(me.gateways, slug);
  return (
    <dl className="grid gap-x-6 gap-y-4 rounded-2xl border border-line bg-surface p-4 sm:grid-cols-2 lg:grid-cols-3">
      <Fact label={t('channels.column.slug')}>
        <Code>{slug}</Code>
        <CopyButton text={slug} label={t('channelPage.copySlug')} />
      </Fact>
      <Fact label={t('keyPage.id')}>
        <Code>{id}</Code>
        <CopyButton text={id} label={t('channelPage.copyId')} />
      </Fact>
      <Fact label={t('channels.column.keys')}>
        <Link
          to="/channels"
          search={{ project: projectId, keysOf: id }}
          className="font-medium underline underline-offset-4"
        >
          {t('channelPage.keyCount', { count: keyCount })}
        </Link>
      </Fact>
      <Fact label={t('channels.column.upstream')}>
        {upstream === null ? (
          <>
            <span className="text-muted">{t('channelPage.noUpstream')}</span>
            {canOperate && (
              <Button size="small" look="ghost" onClick={onEdit}>
                {t('channelPage.setUpstream')}
              </Button>
            )}
          </>
        ) : (
          <>
            <Code>{upstream}</Code>
            <CopyButton text={upstream} label={t('channelPage.copyUpstream')} />
          </>
        )}
      </Fact>
      <Fact label={t('channelPage.gatewayAddress')}>
        {upstream === null ? (
          <span className="text-muted">{t('channelPage.needsUpstream')}</span>
        ) : address === null ? (
          <span className="text-muted">{t('channelPage.gatewayOff')}</span>
        ) : (
          <>
            <Code>{address}</Code>
            <CopyButton text={address} label={t('channelPage.copyGateway')} />
          </>
        )}
      </Fact>
      <Fact label={t('channels.column.created')}>
        <time dateTime={createdAt}>{formatDateTime(createdAt)}</time>
      </Fact>
    </dl>
  );
}

function Code({ children }: { children: string }) {
  return <code className="min-w-0 font-mono text-[0.8125rem] break-all">{children}</code>;
}
