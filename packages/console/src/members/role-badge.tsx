import type { Role } from '@keywright/contract';
import { Crown, UserRound, Wrench } from 'lucide-react';
import { useText } from '../text/text.tsx';

const icons: Readonly<Record<Role, typeof Crown>> = { owner: Crown, operator: Wrench, member: UserRound };

/** A role as a word and an icon. */
export function RoleBadge({ role }: { role: Role }) {
  const t = useText();
  const Icon = icons[role];
  return (
    <span
      data-role={role}
      className="inline-flex items-center gap-1.5 rounded-full bg-sunken px-2 py-0.5 text-[0.8125rem] font-medium whitespace-nowrap"
    >
      <Icon className="size-3.5 text-muted" aria-hidden />
      {t(`role.${role}`)}
    </span>
  );
}
