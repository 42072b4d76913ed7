import type { Channel } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useId } from 'react';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { defaultOwner } from './create-key.ts';
import { allowanceQuery } from './key-queries.ts';
import { keyViews } from './presets.ts';

interface CreateButtonProps {
  channel: Channel | null;
  isBusy: boolean;
  onCreate(): void;
}

/** The button that makes keys, with how many of those allowed there are; at the limit it says why it does not. */
export function CreateButton({ channel, isBusy, onCreate }: CreateButtonProps) {
  const t = useText();
  const id = useId();
  const current = useProject();
  const place = { projectId: current.project.id, channelId: channel?.id ?? null };
  const ownerId = current.canOperate
    ? (defaultOwner(current, place.channelId).ownerId ?? null)
    : current.me.id;
  const { data } = useQuery({ ...allowanceQuery(place, ownerId), enabled: ownerId !== null });
  const limit = data?.limit ?? null;
  const used = data?.used ?? 0;
  const isFull = limit !== null && used >= limit;
  const text = t('keys.create');
  const button = (
    <Button
      look={keyViews[current.project.preset].createLook}
      isBusy={isBusy}
      isBlocked={isFull}
      aria-describedby={limit === null ? undefined : id}
      onClick={onCreate}
    >
      {!text.startsWith('+') && <Plus aria-hidden />}
      {text}
    </Button>
  );
  return (
    <div className="flex flex-wrap items-center gap-3">
      {limit !== null && (
        <span id={id} className={isFull ? 'font-medium text-warn' : 'text-muted'}>
          {t('keys.allowance', { used, limit })}
          {isFull && <span className="sr-only"> {t('keys.full', { limit })}</span>}
        </span>
      )}
      {isFull ? <Tooltip text={t('keys.full', { limit })}>{button}</Tooltip> : button}
    </div>
  );
}
