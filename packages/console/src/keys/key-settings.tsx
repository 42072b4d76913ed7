import type { Key } from '@keywright/contract';
import { useEffect } from 'react';
import { FormProvider, type Path, useForm } from 'react-hook-form';
import { api } from '../api/api.ts';
import { ApiError } from '../api/api-error.ts';
import { queryClient } from '../api/queries.ts';
import { useProject } from '../shell/project.tsx';
import { sentence } from '../sign-in/form.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { notifyFailure, notifySuccess, prepareNotices } from '../ui/notify.tsx';
import { resetTo, resetToSaved } from '../ui/reset-form.ts';
import { UnsavedGuard } from '../ui/unsaved-guard.tsx';
import { keyQuery, refreshKeys } from './key-queries.ts';
import { useKeyTitle } from './key-title.ts';
import { type FieldFault, fieldOf, type KeyValues, readPatch, toValues } from './key-values.ts';
import { QuotaFields } from './quota-fields.tsx';
import { RateLimitFields } from './rate-limit-fields.tsx';
import { DescribingFields, GrantFields } from './settings-fields.tsx';

/** What a key is called and what it is good for, in a form that sends only what was changed. */
export function KeySettings({ k }: { k: Key }) {
  const t = useText();
  const titleOf = useKeyTitle();
  const { me, canOperate } = useProject();
  // What is not saved because the server is away must be told all the same.
  useEffect(prepareNotices, []);
  // What changed elsewhere in the meantime is taken over, but for what was typed over it.
  const form = useForm<KeyValues>({
    values: toValues(k),
    resetOptions: { keepDirtyValues: true },
  });
  const { isDirty, isSubmitting, errors } = form.formState;
  const isRevoked = k.status === 'revoked';
  const isGranted = !canOperate && k.createdBy !== me.id;

  const showFaults = (faults: readonly FieldFault[]) => {
    for (const [place, { field, message }] of faults.entries()) {
      form.setError(field as Path<KeyValues>, { message }, { shouldFocus: place === 0 });
    }
  };
  const submit = form.handleSubmit(async (values) => {
    const read = readPatch(t, toValues(k), values);
    if ('faults' in read) return showFaults(read.faults);
    if (Object.keys(read.patch).length === 0) return resetTo(form, toValues(k));
    try {
      const updated = await api('PATCH /v1/keys/{keyId}', { params: { keyId: k.id }, body: read.patch });
      queryClient.setQueryData(keyQuery(k.id).queryKey, updated.key);
      resetToSaved(form, values, toValues(updated.key));
      notifySuccess(t('keySettings.saved', { name: titleOf(updated.key) }));
      refreshKeys(k.projectId);
    } catch (error) {
      const faults = faultsOf(error);
      showFaults(faults);
      if (faults.length === 0) notifyFailure(t('keySettings.notSaved', { name: titleOf(k) }), error);
    }
  });

  return (
    <FormProvider {...form}>
      <form
        onSubmit={submit}
        noValidate
        aria-label={t('keySettings.title')}
        className="rounded-2xl border border-line bg-surface"
      >
        <div className="flex flex-col gap-6 p-4 sm:p-6">
          {isRevoked && <Note>{t('keySettings.revoked')}</Note>}
          {!isRevoked && isGranted && <Note>{t('keySettings.granted')}</Note>}
          <fieldset disabled={isRevoked} className="grid min-w-0 gap-5 md:grid-cols-2">
            <DescribingFields />
          </fieldset>
          <fieldset disabled={isRevoked || isGranted} className="flex min-w-0 flex-col gap-6">
            <GrantFields k={k} />
            <RateLimitFields />
            <QuotaFields k={k} canReset={!isRevoked && !isGranted} />
          </fieldset>
        </div>
        {!isRevoked && (
          // At the left, where no notification ever stands in front of it.
          <footer className="sticky bottom-0 flex flex-wrap items-center gap-2 rounded-b-2xl border-t border-line bg-surface px-4 py-3 sm:px-6">
            <Button type="submit" look="primary" disabled={!isDirty} isBusy={isSubmitting}>
              {t('keySettings.save')}
            </Button>
            <Button disabled={!isDirty || isSubmitting} onClick={() => resetTo(form, toValues(k))}>
              {t('keySettings.discard')}
            </Button>
            {Object.keys(errors).length > 0 && (
              <p role="alert" className="text-[0.8125rem] text-bad">
                {t('keySettings.faults')}
              </p>
            )}
          </footer>
        )}
      </form>
      <UnsavedGuard isDirty={isDirty} isSaving={isSubmitting} isKeptInTabs />
    </FormProvider>
  );
}

function Note({ children }: { children: string }) {
  return <p className="rounded-xl bg-sunken px-4 py-3">{children}</p>;
}

function faultsOf(error: unknown): FieldFault[] {
  if (!(error instanceof ApiError)) return [];
  if (error.code === 'name_taken') return [{ field: 'name', message: error.message }];
  if (error.code === 'owner_not_member') return [{ field: 'ownerId', message: error.message }];
  return error.errors.map(({ path, message }) => ({
    field: fieldOf(path.split('.')),
    message: sentence(message),
  }));
}
