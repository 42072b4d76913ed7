import type { Member, Role } from '@keywright/contract';
import { useState } from 'react';
import { api } from '../api/api.ts';
import { ApiError } from '../api/api-error.ts';
import { refreshMe } from '../api/queries.ts';
import { useProject } from '../shell/project.tsx';
import { FormFault } from '../sign-in/form.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { explainError, notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { useIsHere } from '../ui/use-is-here.ts';
import { refreshMembers } from './member-queries.ts';
import { RoleOptions } from './role-options.tsx';

/** Gives a member another role. */
export function RoleDialog({ member, onClose }: { member: Member; onClose(): void }) {
  const t = useText();
  const { me, project } = useProject();
  const { accountId, name } = member;
  const [role, setRole] = useState<Role>(member.role);
  const isHere = useIsHere();
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const isMe = accountId === me.id;
  const save = async () => {
    if (role === member.role) return onClose();
    setBusy(true);
    setFault(null);
    try {
      await api('PATCH /v1/projects/{projectId}/members/{accountId}', {
        params: { projectId: project.id, accountId },
        body: { role },
      });
      notifySuccess(t('members.roleChanged', { name, role: t(`role.${role}`) }));
      if (isMe) await refreshMe();
      refreshMembers(project.id);
      onClose();
    } catch (error) {
      setBusy(false);
      if (isHere() && error instanceof ApiError && error.code === 'last_owner') setFault(explainError(error));
      else notifyFailure(t('members.roleNotChanged', { name }), error);
    }
  };
  return (
    <Dialog open width="narrow" title={t('members.roleTitle', { name })} onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void save();
        }}
      >
        <RoleOptions
          value={role}
          onChange={(chosen) => {
            setRole(chosen);
            setFault(null);
          }}
        />
        {isMe && member.role === 'owner' && role !== 'owner' && !me.isInstanceAdmin && (
          <p role="status" className="rounded-lg bg-warn-soft px-3 py-2 text-[0.8125rem] text-warn">
            {t('members.ownRole')}
          </p>
        )}
        <FormFault>{fault}</FormFault>
        <DialogButtons>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" look="primary" isBusy={isBusy}>
            {t('save')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
