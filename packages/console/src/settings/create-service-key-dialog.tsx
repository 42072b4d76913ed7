import { type ServiceKeyScope, serviceKeyScopes } from '@keywright/contract';
import { useId, useRef } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { api } from '../api/api.ts';
import { attemptAfter, newAttempt, wasAnswerLost } from '../api/attempt.ts';
import { useProject } from '../shell/project.tsx';
import { showFaults } from '../sign-in/form.tsx';
import { useText } from '../text/text.tsx';
import { endOfDay, toDateInput } from '../text/times.ts';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { cn } from '../ui/class-names.ts';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { useDraft } from '../ui/draft.ts';
import { DraftNotice } from '../ui/draft-notice.tsx';
import { Field, Input } from '../ui/field.tsx';
import { notifyFailure } from '../ui/notify.tsx';
import { SecretDialog } from './late-secret-dialog.ts';
import { refreshServiceKeys } from './service-key-queries.ts';
import type { IssuedServiceKey } from './service-keys.tsx';

interface Values {
  name: string;
  scopes: ServiceKeyScope[];
  expiresAt: string;
}

interface CreateServiceKeyDialogProps {
  /** null: for the whole instance. */
  projectId: string | null;
  onClose(): void;
  onIssued(issued: IssuedServiceKey): void;
}

export function CreateServiceKeyDialog({ projectId, onClose, onIssued }: CreateServiceKeyDialogProps) {
  const t = useText();
  const { project } = useProject();
  // Sent with every attempt at the same one, so that an answer that is lost makes no second.
  const attempt = useRef(newAttempt());
  const form = useForm<Values>({ defaultValues: { name: '', scopes: ['verify'], expiresAt: '' } });
  const draft = useDraft(form, `service-key.${projectId ?? ''}`);
  const { errors, isSubmitting } = form.formState;
  const create = form.handleSubmit(async ({ name, scopes, expiresAt }) => {
    try {
      await SecretDialog.load();
      const issued = await api('POST /v1/service-keys', {
        body: { name, projectId, scopes, ...(expiresAt && { expiresAt: endOfDay(expiresAt) }) },
        headers: { 'Idempotency-Key': attempt.current },
      });
      refreshServiceKeys();
      draft.forget();
      onClose();
      onIssued(issued);
    } catch (error) {
      attempt.current = attemptAfter(error, attempt.current);
      if (wasAnswerLost(error)) {
        refreshServiceKeys();
        draft.forget();
        onClose();
        return notifyFailure(t('serviceKeys.createdButLost'), error);
      }
      showFaults(error, form.setError, ['name', 'scopes', 'expiresAt']);
      notifyFailure(t('serviceKeys.notCreated'), error);
    }
  });
  return (
    <Dialog
      open
      title={t('serviceKeys.createTitle')}
      description={
        projectId === null
          ? t('serviceKeys.createTextInstance')
          : t('serviceKeys.createText', { project: project.name })
      }
      notice={<DraftNotice draft={draft} />}
      onClose={onClose}
    >
      <form noValidate onSubmit={create} className="flex flex-col gap-4">
        <Field label={t('serviceKeys.name')} hint={t('serviceKeys.nameHint')} fault={errors.name?.message}>
          {(control) => (
            <Input
              {...control}
              {...form.register('name', {
                validate: (name) => name.trim() !== '' || t('settings.missing'),
                maxLength: { value: 100, message: t('field.tooLong', { count: 100 }) },
              })}
              autoFocus
              autoComplete="off"
            />
          )}
        </Field>
        <Controller
          control={form.control}
          name="scopes"
          rules={{ validate: (scopes) => scopes.length > 0 || t('serviceKeys.scopesMissing') }}
          render={({ field }) => (
            <Scopes
              value={field.value}
              isForInstance={projectId === null}
              fault={errors.scopes?.message}
              onChange={field.onChange}
            />
          )}
        />
        <Field
          label={t('serviceKeys.expiry')}
          note={t('optional')}
          hint={t('serviceKeys.expiryHint')}
          fault={errors.expiresAt?.message}
        >
          {(control) => (
            <Input
              {...control}
              type="date"
              min={toDateInput(Date.now())}
              {...form.register('expiresAt', {
                validate: (date) =>
                  date === '' || Date.parse(endOfDay(date)) > Date.now() || t('serviceKeys.expiryPast'),
              })}
              className="max-w-48"
            />
          )}
        </Field>
        <DialogButtons>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" look="primary" isBusy={isSubmitting}>
            {t('serviceKeys.create')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

interface ScopesProps {
  value: readonly ServiceKeyScope[];
  isForInstance: boolean;
  fault: string | undefined;
  onChange(scopes: ServiceKeyScope[]): void;
}

function Scopes({ value, isForInstance, fault, onChange }: ScopesProps) {
  const t = useText();
  const id = useId();
  return (
    <fieldset aria-describedby={fault ? `${id}-hint ${id}-fault` : `${id}-hint`}>
      <legend className="font-medium">{t('serviceKeys.scopes')}</legend>
      <p id={`${id}-hint`} className="text-[0.8125rem] text-muted">
        {t('serviceKeys.scopesHint')}
      </p>
      <ul className="mt-2 grid gap-x-5 gap-y-2.5 rounded-xl border border-line p-3.5 sm:grid-cols-2">
        {serviceKeyScopes.map((scope) => (
          <li key={scope} className={cn('flex items-start gap-3', isAlone(scope) && 'sm:col-span-2')}>
            <Checkbox
              id={`${id}-${scope}`}
              checked={value.includes(scope)}
              onChange={(isOn) =>
                onChange(serviceKeyScopes.filter((each) => (each === scope ? isOn : value.includes(each))))
              }
            />
            <label htmlFor={`${id}-${scope}`} className="min-w-0">
              <code className="font-mono text-[0.8125rem] font-medium">{scope}</code>
              <span className="block text-[0.8125rem] text-muted">
                {t(
                  scope === 'admin' && isForInstance
                    ? 'serviceKeys.scope.adminInstance'
                    : `serviceKeys.scope.${scope}`,
                )}
              </span>
            </label>
          </li>
        ))}
      </ul>
      {fault && (
        <p id={`${id}-fault`} role="alert" className="mt-1.5 text-[0.8125rem] text-bad">
          {fault}
        </p>
      )}
    </fieldset>
  );
}

/** Reading and writing stand side by side. */
function isAlone(scope: ServiceKeyScope): boolean {
  return scope === 'verify' || scope === 'admin';
}
