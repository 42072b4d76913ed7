import { type Channel, effectivePolicy, type FieldRule } from '@keywright/contract';
import { ChevronRight } from 'lucide-react';
import { useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { ApiError } from '../api/api-error.ts';
import { newAttempt } from '../api/attempt.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { toDateInput } from '../text/times.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { useDraft } from '../ui/draft.ts';
import { Field, Input, Select, TextArea } from '../ui/field.tsx';
import { notifyFailure } from '../ui/notify.tsx';
import { createKey, defaultOwner, type NewKey } from './create-key.ts';
import type { IssuedSecret } from './issued-secret.ts';
import { refreshKeys } from './key-queries.ts';
import {
  dayMs,
  firstLifetime,
  lifetimes,
  type NewKeyValues,
  readExpiry,
  showFieldFaults,
} from './new-key-values.ts';
import { type OwnerChoice, OwnerField } from './owner-field.tsx';
import { keyViews } from './presets.ts';
import { words } from './words.ts';

interface CreateKeyDialogProps {
  channel: Channel | null;
  onClose(): void;
  onIssued(issued: IssuedSecret): void;
}

/** Asks for what the preset asks for and the policy allows, and makes the key. */
export function CreateKeyDialog({ channel, onClose, onIssued }: CreateKeyDialogProps) {
  const t = useText();
  const current = useProject();
  const { project, canOperate } = current;
  const policy = effectivePolicy(project.policy, channel?.policy ?? null);
  const view = keyViews[project.preset];
  const asks = view.asks === 'nothing' ? (['name'] as const) : view.asks;
  const asksFor = (part: 'name' | 'description' | 'expiry' | 'owner' | 'more') =>
    (asks as readonly string[]).includes(part);
  const [owner, setOwner] = useState<OwnerChoice>(defaultOwner(current, channel?.id ?? null));
  const [isMoreOpen, setMoreOpen] = useState(false);
  const attempt = useRef(newAttempt());
  const form = useForm<NewKeyValues>({
    defaultValues: {
      name: '',
      description: '',
      lifetime:
        policy.maxLifetimeDays === null && policy.expiry !== 'required'
          ? 'never'
          : firstLifetime(policy.maxLifetimeDays),
      date: '',
      scopes: '',
      ipAllow: '',
    },
  });
  const forgetDraft = useDraft(form, `key.${project.id}.${channel?.id ?? ''}`);
  const close = () => {
    forgetDraft();
    onClose();
  };
  const { errors, isSubmitting } = form.formState;
  const lifetime = form.watch('lifetime');
  const showsDescription =
    policy.description === 'required' || (asksFor('description') && policy.description !== 'hidden');
  const showsExpiry =
    policy.expiry === 'required' ||
    policy.maxLifetimeDays !== null ||
    (asksFor('expiry') && policy.expiry !== 'hidden');

  const submit = form.handleSubmit(async (values) => {
    const body: NewKey = {
      ...(channel && { channelId: channel.id }),
      ...owner,
      ...(values.name.trim() && { name: values.name }),
      ...(showsDescription && values.description.trim() && { description: values.description }),
      ...(showsExpiry && readExpiry(values)),
      ...(values.scopes.trim() && { scopes: words(values.scopes) }),
      ...(values.ipAllow.trim() && { ipAllow: words(values.ipAllow) }),
    };
    try {
      const issued = await createKey(project.id, body, attempt.current);
      forgetDraft();
      onIssued(issued);
    } catch (error) {
      // What comes after a no is another request.
      if (error instanceof ApiError) attempt.current = newAttempt();
      if (error instanceof ApiError && error.code === 'idempotency_replayed') {
        close();
        refreshKeys(project.id);
        notifyFailure(t('keys.createdButLost'), error);
      } else if (!showFieldFaults(error, form.setError)) notifyFailure(t('keys.notCreated'), error);
    }
  });

  return (
    <Dialog
      open
      title={t('keys.createTitle')}
      description={channel ? t('keys.createIn', { channel: channel.name }) : undefined}
      onClose={close}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        {asksFor('name') && (
          <Field label={t('keys.field.name')} hint={t('keys.field.nameHint')} fault={errors.name?.message}>
            {(control) => (
              <Input
                {...control}
                {...form.register('name', {
                  required: t('keys.field.nameMissing'),
                  maxLength: { value: 100, message: t('field.tooLong', { count: 100 }) },
                })}
                autoFocus
                autoComplete="off"
                placeholder={t('keys.field.nameExample')}
              />
            )}
          </Field>
        )}
        {showsDescription && (
          <Field
            label={t('keys.field.description')}
            {...noteFor(policy.description, t('optional'))}
            fault={errors.description?.message}
          >
            {(control) => (
              <TextArea
                {...control}
                {...form.register('description', {
                  required: policy.description === 'required' && t('keys.field.descriptionMissing'),
                  maxLength: { value: 500, message: t('field.tooLong', { count: 500 }) },
                })}
                autoFocus={!asksFor('name')}
                rows={2}
              />
            )}
          </Field>
        )}
        {showsExpiry && (
          <Field
            label={t('keys.field.expiry')}
            {...noteFor(policy.expiry, t('optional'))}
            hint={
              policy.maxLifetimeDays === null
                ? undefined
                : t('keys.field.expiryMost', { count: policy.maxLifetimeDays })
            }
            fault={errors.date?.message}
          >
            {(control) => (
              <div className="flex flex-wrap gap-2">
                <Select {...control} {...form.register('lifetime')} className="flex-1 basis-40">
                  {policy.maxLifetimeDays === null && policy.expiry !== 'required' && (
                    <option value="never">{t('keys.never')}</option>
                  )}
                  {lifetimes
                    .filter((days) => days <= (policy.maxLifetimeDays ?? days))
                    .map((days) => (
                      <option key={days} value={days}>
                        {t('keys.field.inDays', { count: days })}
                      </option>
                    ))}
                  <option value="date">{t('keys.field.onDate')}</option>
                </Select>
                {lifetime === 'date' && (
                  <Input
                    type="date"
                    aria-label={t('keys.field.date')}
                    min={toDateInput(Date.now())}
                    {...(policy.maxLifetimeDays !== null && {
                      max: toDateInput(Date.now() + policy.maxLifetimeDays * dayMs),
                    })}
                    {...form.register('date', {
                      validate: (date, { lifetime }) =>
                        lifetime !== 'date' || date !== '' || t('keys.field.dateMissing'),
                    })}
                    className="flex-1 basis-40"
                  />
                )}
              </div>
            )}
          </Field>
        )}
        {canOperate && asksFor('owner') && (
          <OwnerField value={owner} onChange={setOwner} fault={errors.root?.ownerId?.message} />
        )}
        {asksFor('more') && (
          <details
            open={isMoreOpen}
            onToggle={(event) => setMoreOpen(event.currentTarget.open)}
            className="group"
          >
            <summary className="flex w-fit cursor-pointer items-center gap-1 rounded font-medium">
              <ChevronRight className="size-4 transition-transform group-open:rotate-90" aria-hidden />
              {t('keys.more')}
            </summary>
            <div className="mt-3 flex flex-col gap-4">
              <Field
                label={t('keys.field.scopes')}
                note={t('optional')}
                hint={t('keys.field.scopesHint')}
                fault={errors.scopes?.message}
              >
                {(control) => (
                  <Input
                    {...control}
                    {...form.register('scopes')}
                    className="font-mono text-[0.8125rem]"
                    placeholder="orders:read orders:write"
                  />
                )}
              </Field>
              <Field
                label={t('keys.field.ipAllow')}
                note={t('optional')}
                hint={t('keys.field.ipAllowHint')}
                fault={errors.ipAllow?.message}
              >
                {(control) => (
                  <Input
                    {...control}
                    {...form.register('ipAllow')}
                    className="font-mono text-[0.8125rem]"
                    placeholder="203.0.113.7 2001:db8::/32"
                  />
                )}
              </Field>
            </div>
          </details>
        )}
        <p className="text-[0.8125rem] text-muted">{t('secret.advice')}</p>
        <DialogButtons>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="submit" look={view.createLook} isBusy={isSubmitting}>
            {t('keys.createSubmit')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

function noteFor(rule: FieldRule, optional: string): { note?: string } {
  return rule === 'required' ? {} : { note: optional };
}
