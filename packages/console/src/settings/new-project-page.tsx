import type { Preset } from '@keywright/contract';
import { createProjectBody } from '@keywright/contract';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import { useRef } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { api } from '../api/api.ts';
import { attemptAfter, newAttempt } from '../api/attempt.ts';
import { meQuery, queryClient, refreshMe } from '../api/queries.ts';
import { showFaults } from '../sign-in/form.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Field, Input } from '../ui/field.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Section } from '../ui/section.tsx';
import { UnsavedGuard } from '../ui/unsaved-guard.tsx';
import { PresetPicker } from './preset-picker.tsx';

/** Makes a project, for administrators; then it is there, with its keys to come. */
export function NewProjectPage() {
  const t = useText();
  const { data: me } = useSuspenseQuery(meQuery);
  if (me.type === 'account' && me.isInstanceAdmin) return <NewProjectForm />;
  return (
    <EmptyState icon={<Lock />} title={t('newProject.forAdmins')} text={t('newProject.forAdminsText')} />
  );
}

interface Values {
  name: string;
  preset: Preset;
}

function NewProjectForm() {
  const t = useText();
  const navigate = useNavigate();
  const attempt = useRef(newAttempt());
  const form = useForm<Values>({ defaultValues: { name: '', preset: 'standard' } });
  const { errors, isSubmitting, isDirty } = form.formState;
  const create = form.handleSubmit(async (values) => {
    try {
      const project = await api('POST /v1/projects', {
        body: values,
        headers: { 'Idempotency-Key': attempt.current },
      });
      notifySuccess(t('newProject.created', { name: project.name }));
      await Promise.all([refreshMe(), queryClient.invalidateQueries({ queryKey: ['projects'] })]);
      await navigate({ to: '/apikeys', search: { project: project.id }, ignoreBlocker: true });
    } catch (error) {
      attempt.current = attemptAfter(error, attempt.current);
      showFaults(error, form.setError, ['name', 'preset']);
      notifyFailure(t('newProject.failed'), error);
    }
  });
  return (
    <>
      <PageHeader title={t('newProject.title')} text={t('newProject.text')} />
      <form noValidate onSubmit={create}>
        <Section title={t('settings.nameTitle')}>
          <Field
            label={t('settings.name')}
            hint={t('settings.nameHint')}
            fault={errors.name?.message}
            className="max-w-lg"
          >
            {(control) => (
              <Input
                {...control}
                {...form.register('name', {
                  validate: (name) =>
                    createProjectBody.shape.name.safeParse(name).success ||
                    (name.trim() === '' ? t('settings.missing') : t('field.tooLong', { count: 100 })),
                })}
                autoFocus
                autoComplete="off"
                placeholder={t('newProject.nameExample')}
              />
            )}
          </Field>
        </Section>
        <Section title={t('newProject.look')} text={t('newProject.lookText')}>
          <Controller
            control={form.control}
            name="preset"
            render={({ field }) => (
              <PresetPicker label={t('newProject.look')} value={field.value} onChange={field.onChange} />
            )}
          />
        </Section>
        <Button type="submit" look="primary" isBusy={isSubmitting}>
          {t('newProject.submit')}
        </Button>
      </form>
      <UnsavedGuard isDirty={isDirty} isSaving={isSubmitting} />
    </>
  );
}
