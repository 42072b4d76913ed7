import { useNavigate } from '@tanstack/react-router';
import { api } from '../api/api.ts';
import { queryClient, refreshMe } from '../api/queries.ts';
import { forgetLastProject } from '../shell/last-project.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { notifySuccess } from '../ui/notify.tsx';
import { TypedConfirmation } from '../ui/typed-confirmation.tsx';

/** Deletes the project, once its name was typed. */
export function DeleteProjectDialog({ onClose }: { onClose(): void }) {
  const t = useText();
  const { project } = useProject();
  const navigate = useNavigate();
  const { name, keyCount } = project;
  return (
    <TypedConfirmation
      width="narrow"
      title={t('deleteProject.title', { name })}
      text={keyCount === 0 ? t('deleteProject.textNone') : t('deleteProject.text', { count: keyCount })}
      label={t('deleteProject.confirm', { name })}
      isRight={(typed) => typed === name}
      mismatch={t('deleteProject.mismatch')}
      submit={t('settings.delete')}
      failure={t('deleteProject.failed', { name })}
      onConfirm={async () => {
        await api('DELETE /v1/projects/{projectId}', { params: { projectId: project.id } });
        notifySuccess(t('deleteProject.done', { name }));
        forgetLastProject(project.id);
        await refreshMe();
        await navigate({ to: '/apikeys', search: {}, replace: true, ignoreBlocker: true });
        queryClient.removeQueries({ queryKey: ['projects', project.id] });
        void queryClient.invalidateQueries({ queryKey: ['projects', 'all'] });
      }}
      onClose={onClose}
    >
      <p className="rounded-xl bg-warn-soft px-3.5 py-3 text-[0.8125rem] text-warn">
        {t('deleteProject.rest')}
      </p>
    </TypedConfirmation>
  );
}
