import type { Invitation } from '@keywright/contract';
import { api } from '../api/api.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { notifySuccess } from '../ui/notify.tsx';
import { refreshMembers } from './member-queries.ts';

/** Takes an invitation back, after asking. */
export function TakeBackDialog({ invitation, onClose }: { invitation: Invitation; onClose(): void }) {
  const t = useText();
  const { project } = useProject();
  const { id, email } = invitation;
  return (
    <ConfirmDialog
      title={t('invitations.takeBackTitle', { email })}
      text={t('invitations.takeBackText')}
      submit={t('invitations.takeBack')}
      failure={t('invitations.notTakenBack', { email })}
      onClose={onClose}
      onConfirm={async () => {
        await api('DELETE /v1/projects/{projectId}/invitations/{invitationId}', {
          params: { projectId: project.id, invitationId: id },
        });
        notifySuccess(t('invitations.takenBack', { email }));
        onClose();
        refreshMembers(project.id);
      }}
    />
  );
}
