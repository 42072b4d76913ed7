import type { Member } from '@keywright/contract';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { api } from '../api/api.ts';
import { ApiError } from '../api/api-error.ts';
import { queryClient, refreshMe } from '../api/queries.ts';
import { useProject } from '../shell/project.tsx';
import { FormFault } from '../sign-in/form.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { explainError, notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { useIsHere } from '../ui/use-is-here.ts';
import { KeysFate } from './keys-fate.tsx';
import { refreshMembers } from './member-queries.ts';

/** Takes a member out of the project, or lets the person leave it: what becomes of the keys is chosen here. */
export function RemoveDialog({ member, onClose }: { member: Member; onClose(): void }) {
  const t = useText();
  const { me, project } = useProject();
  const { accountId, name } = member;
  const isMe = accountId === me.id;
  const cancel = useRef<HTMLButtonElement>(null);
  const leave = useLeave();
  /** Who gets the keys; null: they are revoked; an empty text: it is still to be chosen. */
  const [transferTo, setTransferTo] = useState<string | null>(null);
  const isHere = useIsHere();
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const remove = async () => {
    if (transferTo === '') return setFault(t('members.chooseHeir', { count: member.keyCount ?? 0 }));
    setBusy(true);
    setFault(null);
    try {
      await api('DELETE /v1/projects/{projectId}/members/{accountId}', {
        params: { projectId: project.id, accountId },
        query: transferTo === null ? {} : { transferTo },
      });
    } catch (error) {
      setBusy(false);
      if (isHere() && error instanceof ApiError && error.status === 409) setFault(explainError(error));
      else notifyFailure(t(isMe ? 'members.notLeft' : 'members.notRemoved', { name }), error);
      return;
    }
    notifySuccess(t(isMe ? 'members.left' : 'members.removed', { name, project: project.name }));
    if (isMe) return leave();
    onClose();
    refreshMembers(project.id);
  };
  return (
    <Dialog
      open
      role="alertdialog"
      width="narrow"
      title={t(isMe ? 'members.leaveTitle' : 'members.removeTitle', { name, project: project.name })}
      description={t(isMe ? 'members.leaveText' : 'members.removeText', { name })}
      onClose={onClose}
      initialFocus={cancel}
    >
      <div className="flex flex-col gap-4">
        <KeysFate
          member={member}
          transferTo={transferTo}
          onChange={(chosen) => {
            setTransferTo(chosen);
            setFault(null);
          }}
        />
        <FormFault>{fault}</FormFault>
      </div>
      <DialogButtons>
        <Button ref={cancel} onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button look="danger" isBusy={isBusy} onClick={remove}>
          {t(isMe ? 'members.leave' : 'members.remove')}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

/** Who has left goes on in another project; an administrator of the instance still sees this one. */
function useLeave() {
  const { me, project } = useProject();
  const navigate = useNavigate();
  return async () => {
    await refreshMe();
    if (me.isInstanceAdmin) {
      await navigate({ to: '/members', search: { project: project.id }, replace: true });
      refreshMembers(project.id);
      return;
    }
    await navigate({ to: '/apikeys', search: {}, replace: true });
    queryClient.removeQueries({ queryKey: ['projects', project.id] });
  };
}
