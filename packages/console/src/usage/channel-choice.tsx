import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { channelsQuery } from '../api/queries.ts';
import { channelQuery } from '../channels/channel-queries.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { GrowingSelect } from '../ui/growing-select.tsx';

interface ChannelChoiceProps {
  /** Its id. */
  value: string | undefined;
  onChange(channelId: string | undefined): void;
}

/** Which channel it is about; nothing to choose in a project without any. */
export function ChannelChoice({ value, onChange }: ChannelChoiceProps) {
  const t = useText();
  const { project } = useProject();
  const list = useInfiniteQuery(channelsQuery(project.id));
  const channels = list.data ?? [];
  const isOther = value !== undefined && !channels.some(({ id }) => id === value);
  const { data: other } = useQuery({
    ...channelQuery(project.id, value ?? ''),
    enabled: isOther && list.isSuccess,
  });
  if (channels.length === 0 && value === undefined) return null;
  return (
    <GrowingSelect
      list={list}
      aria-label={t('refusal.channel')}
      value={value ?? ''}
      className="h-8! w-auto! max-w-48 text-[0.8125rem]"
      onChange={(id) => onChange(id || undefined)}
    >
      <option value="">{t('refusal.anyChannel')}</option>
      {isOther && <option value={value}>{other?.name ?? value}</option>}
      {channels.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </GrowingSelect>
  );
}
