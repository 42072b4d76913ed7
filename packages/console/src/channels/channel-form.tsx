import { type Channel, createChannelBody } from '@keywright/contract';
import { type FieldPath, type Resolver, useForm } from 'react-hook-form';
import { api } from '../api/api.ts';
import { ApiError } from '../api/api-error.ts';
import { queryClient } from '../api/queries.ts';
import { useProject } from '../shell/project.tsx';
import { sentence } from '../sign-in/form.tsx';
import { type Translate, useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { useDraft } from '../ui/draft.ts';
import { DraftNotice } from '../ui/draft-notice.tsx';
import { Field, Input, TextArea } from '../ui/field.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { useIsHere } from '../ui/use-is-here.ts';
import { ChannelPolicyFields } from './channel-policy-fields.tsx';
import { type ChannelValues, changesOf, channelBody, channelValues, suggestSlug } from './channel-values.ts';

interface ChannelFormProps {
  /** The one that is changed; null: a new one. */
  channel: Channel | null;
  onClose(): void;
  onCreated(): void;
}

/** Makes a channel, or changes one. */
export function ChannelForm({ channel, onClose, onCreated }: ChannelFormProps) {
  const t = useText();
  const { project } = useProject();
  const isHere = useIsHere();
  const form = useForm<ChannelValues>({
    resolver: judge(t),
    defaultValues: channelValues(channel),
  });
  const draft = useDraft(form, `channel.${project.id}.${channel?.id ?? ''}`);
  const { errors, isSubmitting, dirtyFields } = form.formState;
  const submit = form.handleSubmit(async (values) => {
    try {
      if (channel) await updateChannel(channel, values);
      else await createChannel(project.id, values);
      await queryClient.invalidateQueries({ queryKey: ['projects', project.id] });
      notifySuccess(t(channel ? 'channels.changed' : 'channels.created', { name: values.name.trim() }));
      draft.forget();
      if (channel) onClose();
      else if (isHere()) onCreated();
    } catch (error) {
      if (isHere() && showFieldFaults(error, form.setError)) return;
      notifyFailure(
        channel ? t('channels.notChanged', { name: channel.name }) : t('channels.notCreated'),
        error,
      );
    }
  });
  const slugChanges = channel !== null && form.watch('slug') !== channel.slug;

  return (
    <Dialog
      open
      title={channel ? t('channels.editTitle', { name: channel.name }) : t('channels.newTitle')}
      description={channel ? undefined : t('channels.newText')}
      notice={<DraftNotice draft={draft} />}
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field label={t('channels.field.name')} fault={errors.name?.message}>
          {(control) => (
            <Input
              {...control}
              {...form.register('name', {
                onChange: ({ target }) => {
                  // Whoever wrote the slug keeps it.
                  if (channel || dirtyFields.slug) return;
                  form.resetField('slug', { defaultValue: suggestSlug(target.value) });
                },
              })}
              autoFocus
              autoComplete="off"
              placeholder={t('channels.field.nameExample')}
            />
          )}
        </Field>
        <Field
          label={t('channels.field.slug')}
          hint={t('channels.field.slugHint')}
          fault={errors.slug?.message}
        >
          {(control) => (
            <Input
              {...control}
              {...form.register('slug')}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              className="font-mono text-[0.8125rem]"
            />
          )}
        </Field>
        {slugChanges && (
          <p role="status" className="-mt-1 rounded-lg bg-warn-soft px-3 py-2 text-[0.8125rem] text-warn">
            {t('channels.slugChanges', { slug: channel.slug })}
          </p>
        )}
        <Field
          label={t('channels.field.description')}
          note={t('optional')}
          fault={errors.description?.message}
        >
          {(control) => <TextArea {...control} {...form.register('description')} rows={2} />}
        </Field>
        <Field
          label={t('channels.field.upstream')}
          note={t('optional')}
          hint={t('channels.field.upstreamHint')}
          fault={errors.upstream?.message}
        >
          {(control) => (
            <Input
              {...control}
              {...form.register('upstream')}
              type="url"
              inputMode="url"
              autoComplete="off"
              placeholder="https://orders.internal:8443/v2"
            />
          )}
        </Field>
        <ChannelPolicyFields form={form} restored={draft.restored} />
        <DialogButtons>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" look="primary" isBusy={isSubmitting}>
            {t(channel ? 'save' : 'channels.createSubmit')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

async function createChannel(projectId: string, values: ChannelValues): Promise<void> {
  await api('POST /v1/projects/{projectId}/channels', {
    params: { projectId },
    body: createChannelBody.parse(channelBody(values)),
  });
}

async function updateChannel(channel: Channel, values: ChannelValues): Promise<void> {
  const { policy: policyBefore, ...before } = whole.parse(channelBody(channelValues(channel)));
  const { policy, ...after } = whole.parse(channelBody(values));
  const changedPolicy = changesOf(policyBefore, policy);
  await api('PATCH /v1/channels/{channelId}', {
    params: { channelId: channel.id },
    body: {
      ...changesOf(before, after),
      ...(Object.keys(changedPolicy).length > 0 && { policy: changedPolicy }),
    },
  });
}

/** All that stands in the form. */
const whole = createChannelBody.omit({ gateway: true }).required();

/** Judges the form by the contract's schema. */
function judge(t: Translate): Resolver<ChannelValues> {
  return (values) => {
    const judged = createChannelBody.safeParse(channelBody(values));
    if (judged.success) return { values, errors: {} };
    const errors: Record<string, unknown> = {};
    for (const { path, message } of judged.error.issues) {
      const [field, part] = path.map(String);
      if (field === undefined) continue;
      const fault = { type: 'schema', message: wordFault(t, [field, part], message) };
      errors[field] =
        part === undefined ? (errors[field] ?? fault) : { ...(errors[field] ?? {}), [part]: fault };
    }
    return { values: {}, errors };
  };
}

function wordFault(t: Translate, [field, part]: [string, string | undefined], message: string): string {
  if (part === 'maxKeysPerOwner') return t('channels.policy.numberFault', { most: 1_000_000 });
  if (part === 'maxLifetimeDays') return t('channels.policy.numberFault', { most: 36_500 });
  if (field === 'name' && message === 'must not be empty') return t('channels.field.nameMissing');
  return sentence(message);
}

/** @returns whether there was a field to say it at */
function showFieldFaults(
  error: unknown,
  setError: (
    name: FieldPath<ChannelValues>,
    fault: { message: string },
    options?: { shouldFocus: boolean },
  ) => void,
): boolean {
  if (!(error instanceof ApiError)) return false;
  if (error.code === 'slug_taken') {
    setError('slug', { message: error.message }, { shouldFocus: true });
    return true;
  }
  for (const { path, message } of error.errors)
    setError(path as FieldPath<ChannelValues>, { message: sentence(message) }, { shouldFocus: true });
  return error.errors.length > 0;
}
