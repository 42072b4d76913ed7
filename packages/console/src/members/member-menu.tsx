import type { Member } from '@keywright/contract';
import { EllipsisVertical, LogOut, UserCog, UserMinus } from 'lucide-react';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import type { ChangeMembersSearch } from './members-search.ts';

/** What can be done about a member: by an owner, and about oneself. */
export function MemberMenu({ member, change }: { member: Member; change: ChangeMembersSearch }) {
  const t = useText();
  const { me, canOwn } = useProject();
  const isMe = member.accountId === me.id;
  if (!canOwn && !isMe) return null;
  const open = (dialog: 'role' | 'remove') => change({ dialog, member: member.accountId }, true);
  return (
    <Menu
      trigger={
        <Button look="ghost" size="icon" aria-label={t('members.menu', { name: member.name })}>
          <EllipsisVertical aria-hidden />
        </Button>
      }
      groups={[
        canOwn ? [{ label: t('members.changeRole'), icon: <UserCog />, onSelect: () => open('role') }] : [],
        [
          {
            label: t(isMe ? 'members.leave' : 'members.remove'),
            icon: isMe ? <LogOut /> : <UserMinus />,
            isDangerous: true,
            onSelect: () => open('remove'),
          },
        ],
      ]}
    />
  );
}
