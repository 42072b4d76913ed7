import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useProject } from '../shell/project.tsx';
import type { IssuedLink } from './issued-link.ts';
import { allMembersQuery, invitationListQuery, memberListQuery } from './member-queries.ts';
import type { ChangeMembersSearch, MembersSearch } from './members-search.ts';

const InviteDialog = lazy(async () => ({ default: (await import('./invite-dialog.tsx')).InviteDialog }));
const LinkDialog = lazy(async () => ({ default: (await import('./link-dialog.tsx')).LinkDialog }));
const RoleDialog = lazy(async () => ({ default: (await import('./role-dialog.tsx')).RoleDialog }));
const RemoveDialog = lazy(async () => ({ default: (await import('./remove-dialog.tsx')).RemoveDialog }));
const TakeBackDialog = lazy(async () => ({
  default: (await import('./take-back-dialog.tsx')).TakeBackDialog,
}));

interface MemberDialogsProps {
  search: MembersSearch;
  change: ChangeMembersSearch;
  issued: IssuedLink | null;
  onIssued(issued: IssuedLink | null): void;
}

/** The dialog that the address names and this person may use, or the link that was just made. */
export function MemberDialogs({ search, change, issued, onIssued }: MemberDialogsProps) {
  const { canOwn } = useProject();
  const member = useMember(search);
  const invitation = useInvitation(search);
  const { dialog } = search;
  const close = () => change({ dialog: undefined, member: undefined, invitation: undefined });
  return (
    <Suspense>
      {issued ? (
        <LinkDialog issued={issued} onClose={() => onIssued(null)} />
      ) : dialog === 'invite' && canOwn ? (
        <InviteDialog
          onClose={close}
          onIssued={(made) => {
            onIssued(made);
            close();
          }}
        />
      ) : dialog === 'role' && canOwn && member ? (
        <RoleDialog member={member} onClose={close} />
      ) : dialog === 'remove' && member ? (
        <RemoveDialog member={member} onClose={close} />
      ) : dialog === 'takeBack' && canOwn && invitation ? (
        <TakeBackDialog invitation={invitation} onClose={close} />
      ) : null}
    </Suspense>
  );
}

/** The member that the dialog is about: of the page in sight, or from among all. */
function useMember({ member: accountId, cursor }: MembersSearch) {
  const { project, me, canOwn } = useProject();
  const { data: page } = useQuery(memberListQuery(project.id, cursor));
  const listed = page?.items.find((member) => member.accountId === accountId);
  const isWanted = accountId !== undefined && page !== undefined && !listed;
  const { data: all } = useQuery({ ...allMembersQuery(project.id), enabled: isWanted });
  if (!canOwn && accountId !== me.id) return undefined;
  return listed ?? all?.find((member) => member.accountId === accountId);
}

function useInvitation({ invitation: id, invitations: cursor }: MembersSearch) {
  const { project, canOwn } = useProject();
  const { data } = useQuery({ ...invitationListQuery(project.id, cursor), enabled: canOwn });
  return data?.items.find((invitation) => invitation.id === id);
}
