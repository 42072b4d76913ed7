import { useQuery } from '@tanstack/react-query';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { lateDialog } from '../ui/late.tsx';
import { UnavailableDialog } from '../ui/late-unavailable-dialog.ts';
import type { IssuedLink } from './issued-link.ts';
import { LinkDialog } from './late-link-dialog.ts';
import { allMembersQuery, invitationListQuery, memberListQuery } from './member-queries.ts';
import type { ChangeMembersSearch, MembersSearch } from './members-search.ts';

const InviteDialog = lateDialog(async () => (await import('./invite-dialog.tsx')).InviteDialog);
const RoleDialog = lateDialog(async () => (await import('./role-dialog.tsx')).RoleDialog);
const RemoveDialog = lateDialog(async () => (await import('./remove-dialog.tsx')).RemoveDialog);
const TakeBackDialog = lateDialog(async () => (await import('./take-back-dialog.tsx')).TakeBackDialog);

interface MemberDialogsProps {
  search: MembersSearch;
  change: ChangeMembersSearch;
  issued: IssuedLink | null;
  onIssued(issued: IssuedLink | null): void;
}

/** The dialog that the address names and this person may use, or the link that was just made. */
export function MemberDialogs({ search, change, issued, onIssued }: MemberDialogsProps) {
  const t = useText();
  const { canOwn } = useProject();
  const { member, isMissing: isMemberMissing } = useMember(search);
  const { invitation, isMissing: isInvitationMissing } = useInvitation(search);
  const { dialog } = search;
  const close = () => change({ dialog: undefined, member: undefined, invitation: undefined });
  if (issued) return <LinkDialog issued={issued} onClose={() => onIssued(null)} />;
  if (dialog === 'invite' && canOwn) return <InviteDialog onClose={close} onIssued={onIssued} />;
  if (dialog === 'role' && canOwn && member) return <RoleDialog member={member} onClose={close} />;
  if (dialog === 'remove' && member) return <RemoveDialog member={member} onClose={close} />;
  if (dialog === 'takeBack' && canOwn && invitation)
    return <TakeBackDialog invitation={invitation} onClose={close} />;
  if ((dialog === 'role' || dialog === 'remove') && isMemberMissing)
    return <UnavailableDialog title={t('members.gone')} text={t('members.goneText')} onClose={close} />;
  if (dialog === 'takeBack' && isInvitationMissing)
    return (
      <UnavailableDialog title={t('invitations.gone')} text={t('invitations.goneText')} onClose={close} />
    );
  return null;
}

/** The member that the dialog is about: of the page in sight, or from among all. */
function useMember({ member: accountId, cursor }: MembersSearch) {
  const { project, me, canOwn } = useProject();
  const { data: page } = useQuery(memberListQuery(project.id, cursor));
  const listed = page?.items.find((member) => member.accountId === accountId);
  const isWanted = accountId !== undefined && page !== undefined && !listed;
  const { data: all } = useQuery({ ...allMembersQuery(project.id), enabled: isWanted });
  if (!canOwn && accountId !== me.id) return { member: undefined, isMissing: false };
  const member = listed ?? all?.find((each) => each.accountId === accountId);
  return { member, isMissing: !member && (accountId === undefined || all !== undefined) };
}

function useInvitation({ invitation: id, invitations: cursor }: MembersSearch) {
  const { project, canOwn } = useProject();
  const { data, isPlaceholderData } = useQuery({
    ...invitationListQuery(project.id, cursor),
    enabled: canOwn,
  });
  const invitation = data?.items.find((each) => each.id === id);
  return { invitation, isMissing: data !== undefined && !isPlaceholderData && !invitation };
}
