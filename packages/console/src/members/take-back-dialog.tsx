import type { Invitation } from '@keywright/contract';
import { useRef, useState } from 'react';
import { api } from '../api/api.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { refreshMembers } from './member-queries.ts';

/** Takes an invitation back, after asking. */
export function TakeBackDialog({ invitation, onClose }: { invitation: Invitation; onClose(): void }) {
  const t = useText();
  const { project } = useProject();
  const cancel = useRef<HTMLButtonElement>(null);
  const [isBusy, setBusy] = useState(false);
  const { id, email } = invitation;
  const takeBack = async () => {
    setBusy(true);
    try {
      await api('DELETE /v1/projects/{projectId}/invitations/{invitationId}', {
        params: { projectId: project.id, invitationId: id },
      });
      notifySuccess(t('invitations.takenBack', { email }));
      onClose();
      refreshMembers(project.id);
    } catch (error) {
      notifyFailure(t('invitations.notTakenBack', { email }), error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      role="alertdialog"
      width="narrow"
      title={t('invitations.takeBackTitle', { email })}
      description={t('invitations.takeBackText')}
      onClose={onClose}
      initialFocus={cancel}
    >
      <DialogButtons>
        <Button ref={cancel} onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button look="danger" isBusy={isBusy} onClick={takeBack}>
          {t('invitations.takeBack')}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
