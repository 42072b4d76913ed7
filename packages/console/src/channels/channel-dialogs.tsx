import type { Channel } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { lateDialog } from '../ui/late.tsx';
import { UnavailableDialog } from '../ui/late-unavailable-dialog.ts';
import { explainError } from '../ui/notify.tsx';
import { ChannelKeysDialog } from './channel-keys-dialog.tsx';
import { channelQuery } from './channel-queries.ts';
import type { ChangeChannelsSearch, ChannelsSearch } from './channels-search.ts';

const ChannelForm = lateDialog(async () => (await import('./channel-form.tsx')).ChannelForm);
const DeleteChannelDialog = lateDialog(
  async () => (await import('./delete-channel-dialog.tsx')).DeleteChannelDialog,
);

interface ChannelDialogsProps {
  search: ChannelsSearch;
  change: ChangeChannelsSearch;
  /** Those in sight; another one that the address names is loaded. */
  listed: readonly Channel[] | undefined;
}

/** The dialog that the address names. Each is loaded when it is first opened. */
export function ChannelDialogs({ search, change, listed }: ChannelDialogsProps) {
  const t = useText();
  const { project, canOperate } = useProject();
  const { keysOf, edit, delete: dropped } = search;
  const wanted = keysOf ?? (canOperate ? (edit ?? dropped) : undefined);
  const isNew = keysOf === undefined && wanted === 'new';
  // Asked for by itself although it is in the list: what is open must not vanish because the list changes.
  const one = useQuery({
    ...channelQuery(project.id, wanted ?? ''),
    enabled: wanted !== undefined && !isNew,
  });
  const channel = one.data ?? listed?.find(({ id }) => id === wanted);
  const close = () => change({ edit: undefined, delete: undefined });
  if (wanted === undefined) return null;
  if (isNew) {
    return (
      <ChannelForm
        channel={null}
        onClose={close}
        onCreated={() => change({ edit: undefined, page: undefined })}
      />
    );
  }
  if (!channel || channel.projectId !== project.id) {
    const closeAll = () => change({ keysOf: undefined, edit: undefined, delete: undefined });
    return one.isPending ? null : (
      <UnavailableDialog
        title={t('channels.unavailable')}
        text={one.error ? explainError(one.error) : t('channels.ofOther')}
        onRetry={one.error ? () => void one.refetch() : undefined}
        onClose={closeAll}
      />
    );
  }
  if (keysOf !== undefined)
    return <ChannelKeysDialog key={keysOf} channel={channel} search={search} change={change} />;
  return edit !== undefined ? (
    <ChannelForm key={edit} channel={channel} onClose={close} onCreated={close} />
  ) : (
    <DeleteChannelDialog
      channel={channel}
      onClose={close}
      onShowKeys={() => change({ delete: undefined, keysOf: channel.id }, true)}
    />
  );
}
