import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { api } from '../api/api.ts';
import { queryClient, refreshMe } from '../api/queries.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { TypedConfirmation } from '../ui/typed-confirmation.tsx';

/** Deletes the project, once its name was typed. It begins with the way out. */
export function DeleteProjectDialog({ onClose }: { onClose(): void }) {
  const t = useText();
  const { project } = useProject();
  const navigate = useNavigate();
  const cancel = useRef<HTMLButtonElement>(null);
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const { name, keyCount } = project;
  const remove = async () => {
    if (typed.trim() !== name) return setFault(t('deleteProject.mismatch'));
    setBusy(true);
    try {
      await api('DELETE /v1/projects/{projectId}', { params: { projectId: project.id } });
      notifySuccess(t('deleteProject.done', { name }));
      await refreshMe();
      await navigate({ to: '/apikeys', search: {}, replace: true, ignoreBlocker: true });
      queryClient.removeQueries({ queryKey: ['projects', project.id] });
      void queryClient.invalidateQueries({ queryKey: ['projects', 'all'] });
    } catch (error) {
      notifyFailure(t('deleteProject.failed', { name }), error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      role="alertdialog"
      width="narrow"
      title={t('deleteProject.title', { name })}
      description={
        keyCount === 0 ? t('deleteProject.textNone') : t('deleteProject.text', { count: keyCount })
      }
      initialFocus={cancel}
      onClose={onClose}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void remove();
        }}
      >
        <p className="rounded-xl bg-warn-soft px-3.5 py-3 text-[0.8125rem] text-warn">
          {t('deleteProject.rest')}
        </p>
        <TypedConfirmation
          label={t('deleteProject.confirm', { name })}
          value={typed}
          fault={fault}
          onChange={(value) => {
            setTyped(value);
            setFault(undefined);
          }}
        />
        <DialogButtons>
          <Button ref={cancel} onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" look="danger" isBusy={isBusy}>
            {t('settings.delete')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
