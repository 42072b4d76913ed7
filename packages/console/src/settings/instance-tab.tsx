import { type Instance, signupModes, type UpdateInstanceBody, updateInstanceBody } from '@keywright/contract';
import { queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import { Controller, useForm } from 'react-hook-form';
import { api } from '../api/api.ts';
import { allProjectsQuery, projectQuery, publicInstanceQuery, queryClient } from '../api/queries.ts';
import { useProject } from '../shell/project.tsx';
import { RouteError } from '../shell/route-error.tsx';
import { showFaults } from '../sign-in/form.tsx';
import { useText } from '../text/text.tsx';
import { buttonClass } from '../ui/button.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import { GrowingSelect } from '../ui/growing-select.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { resetTo, resetToSaved } from '../ui/reset-form.ts';
import { Section } from '../ui/section.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { UnsavedGuard } from '../ui/unsaved-guard.tsx';
import { FormButtons } from './form-buttons.tsx';
import { ServiceKeys } from './service-keys.tsx';

const instanceQuery = queryOptions({
  queryKey: ['instance'],
  queryFn: ({ signal }) => api('GET /v1/instance', { signal }),
});

/** What administrators decide for the whole deployment. */
export function InstanceTab() {
  const t = useText();
  const { project } = useProject();
  const { data: instance, error, refetch } = useQuery(instanceQuery);
  return (
    <>
      {error && !instance ? (
        <RouteError error={error} reset={() => void refetch()} />
      ) : instance ? (
        <InstanceForm instance={instance} />
      ) : (
        <Skeleton className="mb-6 h-96 w-full rounded-2xl" />
      )}
      <Section
        title={t('instance.accounts')}
        text={t('instance.accountsText')}
        actions={
          <Link to="/accounts" search={{ project: project.id }} className={buttonClass()}>
            {t('instance.accountsOpen')}
            <ArrowRight aria-hidden />
          </Link>
        }
      />
      <ServiceKeys projectId={null} />
    </>
  );
}

const fields = ['name', 'signup', 'signupProjectId', 'supportUrl', 'docsUrl'] as const;

/** As fields of a form hold it: nothing is an empty text. */
type Values = Record<(typeof fields)[number], string>;

function InstanceForm({ instance }: { instance: Instance }) {
  const t = useText();
  const projects = useInfiniteQuery(allProjectsQuery);
  const form = useForm<Values>({
    values: toValues(instance),
    resetOptions: { keepDirtyValues: true },
  });
  const { errors, isSubmitting, isDirty, dirtyFields } = form.formState;
  const save = form.handleSubmit(async (values) => {
    try {
      const changed = Object.fromEntries(
        fields
          .filter((field) => dirtyFields[field])
          .map((field) => [field, values[field].trim() === '' && field !== 'name' ? null : values[field]]),
      );
      const { instance: saved } = await api('PATCH /v1/instance', { body: changed as UpdateInstanceBody });
      queryClient.setQueryData(instanceQuery.queryKey, saved);
      resetToSaved(form, values, toValues(saved));
      void queryClient.invalidateQueries({ queryKey: publicInstanceQuery.queryKey });
      notifySuccess(t('settings.saved'));
    } catch (error) {
      showFaults(error, form.setError, fields);
      notifyFailure(t('settings.notSaved'), error);
    }
  });
  const joined = form.watch('signupProjectId');
  const isOther = joined !== '' && !projects.data?.some(({ id }) => id === joined);
  const { data: other } = useQuery({ ...projectQuery(joined), enabled: isOther && projects.isSuccess });
  return (
    <Section title={t('instance.title')}>
      <form noValidate onSubmit={save} className="flex max-w-2xl flex-col gap-5">
        <Field label={t('instance.name')} hint={t('instance.nameHint')} fault={errors.name?.message}>
          {(control) => (
            <Input
              {...control}
              {...form.register('name', {
                validate: (name) => name.trim() !== '' || t('settings.missing'),
                maxLength: { value: 100, message: t('field.tooLong', { count: 100 }) },
              })}
              autoComplete="off"
            />
          )}
        </Field>
        <Field label={t('instance.signup')} hint={t('instance.signup.hint')} fault={errors.signup?.message}>
          {(control) => (
            <Select {...control} {...form.register('signup')} className="max-w-sm">
              {signupModes.map((mode) => (
                <option key={mode} value={mode}>
                  {t(`instance.signup.${mode}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field
          label={t('instance.signupProject')}
          hint={t('instance.signupProject.hint')}
          fault={errors.signupProjectId?.message}
        >
          {(control) => (
            <Controller
              control={form.control}
              name="signupProjectId"
              render={({ field }) => (
                <GrowingSelect {...control} {...field} list={projects} className="max-w-sm">
                  <option value="">{t('instance.signupProject.own')}</option>
                  {isOther && <option value={joined}>{other?.name ?? joined}</option>}
                  {projects.data?.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                </GrowingSelect>
              )}
            />
          )}
        </Field>
        {(['docsUrl', 'supportUrl'] as const).map((name) => (
          <Field
            key={name}
            label={t(`instance.${name}`)}
            note={t('optional')}
            hint={t('instance.link.hint')}
            fault={errors[name]?.message}
          >
            {(control) => (
              <Input
                {...control}
                {...form.register(name, {
                  validate: (address) =>
                    address.trim() === '' ||
                    updateInstanceBody.shape[name].safeParse(address).success ||
                    t('wording.apiUrl.fault'),
                })}
                type="url"
                inputMode="url"
                autoComplete="off"
                placeholder="https://"
              />
            )}
          </Field>
        ))}
        <FormButtons
          save={t('save')}
          isDirty={isDirty}
          isBusy={isSubmitting}
          onReset={() => resetTo(form, toValues(instance))}
        />
      </form>
      <UnsavedGuard isDirty={isDirty} isSaving={isSubmitting} />
    </Section>
  );
}

function toValues({ name, signup, signupProjectId, supportUrl, docsUrl }: Instance): Values {
  return {
    name,
    signup,
    signupProjectId: signupProjectId ?? '',
    supportUrl: supportUrl ?? '',
    docsUrl: docsUrl ?? '',
  };
}
