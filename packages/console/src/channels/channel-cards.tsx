import type { Channel } from '@keywright/contract';
import { useText } from '../text/text.tsx';
import { formatDate } from '../text/times.ts';
import { ChannelControls, type OpenOfChannel } from './channel-controls.tsx';
import { ChannelName, Upstream } from './channel-table.tsx';

interface ChannelCardsProps {
  channels: readonly Channel[];
  onOpen: OpenOfChannel;
}

/** The channels as cards, for screens on which a table has no room. */
export function ChannelCards({ channels, onOpen }: ChannelCardsProps) {
  const t = useText();
  return (
    <ul className="divide-y divide-line">
      {channels.map((channel) => (
        <li key={channel.id} data-channel-id={channel.id} className="p-4">
          <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
            <ChannelName channel={channel} />
            <ChannelControls channel={channel} onOpen={onOpen} />
          </div>
          <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-[0.8125rem]">
            <dt className="text-muted">{t('channels.column.slug')}</dt>
            <dd className="min-w-0">
              <code className="font-mono break-all">{channel.slug}</code>
            </dd>
            <dt className="text-muted">{t('channels.column.keys')}</dt>
            <dd className="tabular-nums">{channel.keyCount.toLocaleString()}</dd>
            {channel.upstream !== null && (
              <>
                <dt className="text-muted">{t('channels.column.upstream')}</dt>
                <dd className="min-w-0">
                  <Upstream channel={channel} />
                </dd>
              </>
            )}
            <dt className="text-muted">{t('channels.column.created')}</dt>
            <dd>{formatDate(channel.createdAt)}</dd>
          </dl>
        </li>
      ))}
    </ul>
  );
}
