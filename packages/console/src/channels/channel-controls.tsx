import type { Channel } from '@keywright/contract';
import { EllipsisVertical, KeyRound, Pencil, Trash2 } from 'lucide-react';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';

/** Opens one of the dialogs about a channel. */
export type OpenOfChannel = (dialog: 'keysOf' | 'edit' | 'delete', channel: Channel) => void;

/** What can be done with a channel: its keys for everybody, itself for who runs the project. */
export function ChannelControls({ channel, onOpen }: { channel: Channel; onOpen: OpenOfChannel }) {
  const t = useText();
  const { canOperate } = useProject();
  const { name } = channel;
  return (
    <span className="flex items-center justify-end gap-2">
      <Button
        size="small"
        aria-label={t('channels.keysNamed', { name })}
        onClick={() => onOpen('keysOf', channel)}
      >
        <KeyRound aria-hidden />
        {t('channels.keys')}
      </Button>
      {canOperate && (
        <Menu
          trigger={
            <Button look="ghost" size="icon" aria-label={t('channels.menu', { name })}>
              <EllipsisVertical aria-hidden />
            </Button>
          }
          groups={[
            [{ label: t('channels.edit'), icon: <Pencil />, onSelect: () => onOpen('edit', channel) }],
            [
              {
                label: t('channels.delete'),
                icon: <Trash2 />,
                isDangerous: true,
                onSelect: () => onOpen('delete', channel),
              },
            ],
          ]}
        />
      )}
    </span>
  );
}
