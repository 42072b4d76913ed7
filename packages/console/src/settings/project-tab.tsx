import { updateProjectBody } from '@keywright/contract';
import { useForm } from 'react-hook-form';
import { useProject } from '../shell/project.tsx';
import { showFaults } from '../sign-in/form.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { lateDialog } from '../ui/late.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { resetTo, resetToSaved } from '../ui/reset-form.ts';
import { Section } from '../ui/section.tsx';
import { UnsavedGuard } from '../ui/unsaved-guard.tsx';
import { FormButtons } from './form-buttons.tsx';
import { LookForm } from './look-form.tsx';
import { saveProject } from './save-project.ts';
import { useSettingsSearch } from './use-settings-search.ts';

const DeleteProjectDialog = lateDialog(
  async () => (await import('./delete-project-dialog.tsx')).DeleteProjectDialog,
);

/** The project itself: its name, its look, its end. */
export function ProjectTab() {
  const t = useText();
  const { search, change } = useSettingsSearch();
  return (
    <>
      <NameForm />
      <LookForm />
      <Section isDangerous title={t('settings.deleteTitle')} text={t('settings.deleteText')}>
        <Button look="danger" onClick={() => change({ dialog: 'delete-project' }, true)}>
          {t('settings.delete')}
        </Button>
      </Section>
      {search.dialog === 'delete-project' && (
        <DeleteProjectDialog onClose={() => change({ dialog: undefined })} />
      )}
    </>
  );
}

function NameForm() {
  const t = useText();
  const { project } = useProject();
  const form = useForm({ values: { name: project.name }, resetOptions: { keepDirtyValues: true } });
  const { errors, isSubmitting, isDirty } = form.formState;
  const save = form.handleSubmit(async ({ name }) => {
    try {
      const saved = await saveProject(project.id, { name });
      resetToSaved(form, { name }, { name: saved.name });
      notifySuccess(t('settings.saved'));
    } catch (error) {
      showFaults(error, form.setError, ['name']);
      notifyFailure(t('settings.notSaved'), error);
    }
  });
  return (
    <Section title={t('settings.nameTitle')}>
      <form noValidate onSubmit={save} className="max-w-lg">
        <Field label={t('settings.name')} hint={t('settings.nameHint')} fault={errors.name?.message}>
          {(control) => (
            <Input
              {...control}
              {...form.register('name', {
                validate: (name) =>
                  updateProjectBody.shape.name.safeParse(name).success ||
                  (name.trim() === '' ? t('settings.missing') : t('field.tooLong', { count: 100 })),
              })}
              autoComplete="off"
            />
          )}
        </Field>
        <FormButtons
          save={t('save')}
          isDirty={isDirty}
          isBusy={isSubmitting}
          onReset={() => resetTo(form, { name: project.name })}
        />
      </form>
      <UnsavedGuard isDirty={isDirty} isSaving={isSubmitting} />
    </Section>
  );
}
