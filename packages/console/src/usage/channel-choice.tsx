import { useQuery } from '@tanstack/react-query';
import { channelsQuery } from '../api/queries.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Select } from '../ui/field.tsx';

interface ChannelChoiceProps {
  /** Its id. */
  value: string | undefined;
  onChange(channelId: string | undefined): void;
}

/** Which channel it is about; nothing to choose in a project without any. */
export function ChannelChoice({ value, onChange }: ChannelChoiceProps) {
  const t = useText();
  const { project } = useProject();
  const { data } = useQuery(channelsQuery(project.id));
  const channels = data?.items ?? [];
  if (channels.length === 0 && value === undefined) return null;
  const isKnown = value === undefined || channels.some(({ id }) => id === value);
  return (
    <Select
      aria-label={t('refusal.channel')}
      value={value ?? ''}
      className="h-8! w-auto! max-w-48 text-[0.8125rem]"
      onChange={({ target }) => onChange(target.value || undefined)}
    >
      <option value="">{t('refusal.anyChannel')}</option>
      {!isKnown && <option value={value}>{value}</option>}
      {channels.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Select>
  );
}
