import type { KeyStatus } from '@keywright/contract';
import { Ban, CircleCheck, CirclePause, Clock } from 'lucide-react';
import { useText } from '../text/text.tsx';
import { cn } from '../ui/class-names.ts';

const looks: Readonly<Record<KeyStatus, { className: string; icon: typeof Ban }>> = {
  active: { className: 'bg-good-soft text-good', icon: CircleCheck },
  inactive: { className: 'bg-idle-soft text-idle', icon: CirclePause },
  expired: { className: 'bg-warn-soft text-warn', icon: Clock },
  revoked: { className: 'bg-bad-soft text-bad', icon: Ban },
};

/** A word, an icon and a colour: never a colour alone. */
export function StatusBadge({ status }: { status: KeyStatus }) {
  const t = useText();
  const { className, icon: Icon } = looks[status];
  return (
    <span
      data-status={status}
      className={cn(
        'inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 text-[0.8125rem] font-medium whitespace-nowrap',
        className,
      )}
    >
      <Icon className="size-3.5" aria-hidden />
      {t(`keys.status.${status}`)}
    </span>
  );
}
