import type { Channel } from '@keywright/contract';
import { Link } from '@tanstack/react-router';
import { useText } from '../text/text.tsx';
import { formatDate, formatDateTime } from '../text/times.ts';
import { cn } from '../ui/class-names.ts';
import { ChannelControls, type OpenOfChannel } from './channel-controls.tsx';

interface ChannelTableProps {
  channels: readonly Channel[];
  onOpen: OpenOfChannel;
  /** The rows are those of before, until what was asked for is there. */
  isStale: boolean;
}

const columns = ['name', 'slug', 'keys', 'upstream', 'created', 'actions'] as const;

export function ChannelTable({ channels, onOpen, isStale }: ChannelTableProps) {
  const t = useText();
  return (
    <div className="overflow-x-auto">
      <table className={cn('w-full border-collapse text-left transition-opacity', isStale && 'opacity-60')}>
        <thead>
          <tr className="border-b border-line text-[0.8125rem] text-muted">
            {columns.map((id) => (
              <th
                key={id}
                scope="col"
                className={cn(
                  'px-3 py-2.5 font-medium whitespace-nowrap first:pl-4 last:pr-4',
                  (id === 'actions' || id === 'keys') && 'text-right',
                )}
              >
                {t(`channels.column.${id}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {channels.map((channel) => (
            <Row key={channel.id} channel={channel} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What may be of any length has a share of the width: it is cut off before anything is out of sight. */
const cell = 'px-3 py-2.5 align-middle first:pl-4 last:pr-4';

function Row({ channel, onOpen }: { channel: Channel; onOpen: OpenOfChannel }) {
  return (
    <tr data-channel-id={channel.id} className="border-b border-line last:border-0 hover:bg-sunken/60">
      <td className={cn(cell, 'w-3/5 max-w-0 min-w-40')}>
        <ChannelName channel={channel} />
      </td>
      <td className={cell}>
        <code className="inline-block max-w-48 min-w-28 font-mono text-[0.8125rem] break-all">
          {channel.slug}
        </code>
      </td>
      <td className={cn(cell, 'text-right tabular-nums')}>{channel.keyCount.toLocaleString()}</td>
      <td className={cn(cell, 'w-2/5 max-w-0 min-w-24')}>
        <Upstream channel={channel} />
      </td>
      <td className={cn(cell, 'whitespace-nowrap')}>
        <time dateTime={channel.createdAt} title={formatDateTime(channel.createdAt)}>
          {formatDate(channel.createdAt)}
        </time>
      </td>
      <td className={cell}>
        <ChannelControls channel={channel} onOpen={onOpen} />
      </td>
    </tr>
  );
}

export function ChannelName({ channel: { id, projectId, name, description } }: { channel: Channel }) {
  return (
    <span className="block min-w-0">
      <Link
        to="/channels/$channelId"
        params={{ channelId: id }}
        search={{ project: projectId }}
        title={name}
        className="block w-fit max-w-full truncate rounded font-medium hover:underline hover:underline-offset-4"
      >
        {name}
      </Link>
      {description && (
        <span className="block truncate text-[0.8125rem] text-muted" title={description}>
          {description}
        </span>
      )}
    </span>
  );
}

/** Where the gateway passes requests on to, without the `https://` that most begin with. */
export function Upstream({ channel: { upstream } }: { channel: Channel }) {
  if (upstream === null) return <span className="text-muted">–</span>;
  return (
    <span className="block truncate text-[0.8125rem]" title={upstream}>
      {upstream.replace(/^https:\/\//i, '')}
    </span>
  );
}
