import type { Channel } from '@keywright/contract';
import { noKeyList } from '../keys/key-list-search.ts';
import { KeyManager } from '../keys/key-manager.tsx';
import { useText } from '../text/text.tsx';
import { Dialog } from '../ui/dialog.tsx';
import type { ChangeChannelsSearch, ChannelsSearch } from './channels-search.ts';

interface ChannelKeysDialogProps {
  channel: Channel;
  search: ChannelsSearch;
  change: ChangeChannelsSearch;
}

/** The keys of one channel, over the page of channels. */
export function ChannelKeysDialog({ channel, search, change }: ChannelKeysDialogProps) {
  const t = useText();
  return (
    <Dialog
      open
      width="wide"
      title={t('channels.keysTitle', { name: channel.name })}
      description={t('channels.keysText')}
      onClose={() => change({ ...noKeyList, keysOf: undefined })}
    >
      <KeyManager
        channel={channel}
        search={search}
        change={change}
        header={(createButton) => <div className="mb-4 flex justify-end">{createButton}</div>}
      />
    </Dialog>
  );
}
