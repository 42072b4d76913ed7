import type { Channel } from '@keywright/contract';
import { Link } from '@tanstack/react-router';
import { EllipsisVertical, KeyRound, Pencil, Trash2 } from 'lucide-react';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';

interface ChannelHeaderProps {
  channel: Channel;
  onDialog(dialog: 'edit' | 'delete'): void;
}

/** What the channel is, and what can be done with it. */
export function ChannelHeader({ channel, onDialog }: ChannelHeaderProps) {
  const t = useText();
  const { canOperate } = useProject();
  const { id, projectId, name, description } = channel;
  return (
    <header className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 flex-1 basis-72">
        <h1 className="text-xl font-semibold tracking-tight break-words">{name}</h1>
        {description && (
          <p className="mt-1 max-w-3xl break-words whitespace-pre-line text-muted">{description}</p>
        )}
      </div>
      <div className="flex items-center gap-2">
        <Link
          to="/channels"
          search={{ project: projectId, keysOf: id }}
          aria-label={t('channels.keysNamed', { name })}
          className={buttonClass()}
        >
          <KeyRound aria-hidden />
          {t('channels.keys')}
        </Link>
        {canOperate && (
          <Menu
            trigger={
              <Button look="ghost" size="icon" aria-label={t('channels.menu', { name })}>
                <EllipsisVertical aria-hidden />
              </Button>
            }
            groups={[
              [{ label: t('channels.edit'), icon: <Pencil />, onSelect: () => onDialog('edit') }],
              [
                {
                  label: t('channels.delete'),
                  icon: <Trash2 />,
                  isDangerous: true,
                  onSelect: () => onDialog('delete'),
                },
              ],
            ]}
          />
        )}
      </div>
    </header>
  );
}
