import { type Channel, effectivePolicy } from '@keywright/contract';
import { useRef } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { attemptAfter, newAttempt, wasAnswerLost } from '../api/attempt.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { useDraft } from '../ui/draft.ts';
import { DraftNotice } from '../ui/draft-notice.tsx';
import { notifyFailure } from '../ui/notify.tsx';
import { useIsHere } from '../ui/use-is-here.ts';
import { createKey, defaultOwner, type NewKey } from './create-key.ts';
import type { IssuedSecret } from './issued-secret.ts';
import { refreshKeys } from './key-queries.ts';
import { DescriptionField, ExpiryField, MoreFields, NameField, OwnerField } from './new-key-fields.tsx';
import {
  firstLifetime,
  mayLastForever,
  type NewKeyValues,
  readExpiry,
  readOwner,
  showFieldFaults,
} from './new-key-values.ts';
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
  const isHere = useIsHere();
  const attempt = useRef(newAttempt());
  const form = useForm<NewKeyValues>({
    defaultValues: {
      name: '',
      description: '',
      lifetime: mayLastForever(policy) ? 'never' : firstLifetime(policy.maxLifetimeDays),
      date: '',
      scopes: '',
      ipAllow: '',
      owner: defaultOwner(current, channel?.id ?? null).ownerId ?? 'nobody',
      ownerId: '',
    },
  });
  const draft = useDraft(form, `key.${project.id}.${channel?.id ?? ''}`);
  const { isSubmitting } = form.formState;
  const showsDescription =
    policy.description === 'required' || (asksFor('description') && policy.description !== 'hidden');
  const showsExpiry =
    policy.expiry === 'required' ||
    policy.maxLifetimeDays !== null ||
    (asksFor('expiry') && policy.expiry !== 'hidden');

  const submit = form.handleSubmit(async (values) => {
    const body: NewKey = {
      ...(channel && { channelId: channel.id }),
      ...readOwner(values),
      ...(values.name.trim() && { name: values.name }),
      ...(showsDescription && values.description.trim() && { description: values.description }),
      ...(showsExpiry && readExpiry(values)),
      ...(values.scopes.trim() && { scopes: words(values.scopes) }),
      ...(values.ipAllow.trim() && { ipAllow: words(values.ipAllow) }),
    };
    const isMine = !canOperate || body.ownerId === current.me.id;
    try {
      const issued = await createKey(project.id, body, attempt.current);
      draft.forget();
      onClose();
      onIssued(issued);
    } catch (error) {
      attempt.current = attemptAfter(error, attempt.current);
      if (wasAnswerLost(error)) {
        draft.forget();
        onClose();
        refreshKeys(project.id);
        notifyFailure(t('keys.createdButLost'), error);
        return;
      }
      const nameTaken = isMine ? t('keys.field.nameIsMine', { name: values.name.trim() }) : undefined;
      // Once the form was closed there are no fields to say it at.
      if (!isHere() || !showFieldFaults(error, form.setError, nameTaken))
        notifyFailure(t('keys.notCreated'), error);
    }
  });

  return (
    <Dialog
      open
      title={t('keys.createTitle')}
      description={channel ? t('keys.createIn', { channel: channel.name }) : undefined}
      notice={<DraftNotice draft={draft} />}
      onClose={onClose}
    >
      <FormProvider {...form}>
        <form onSubmit={submit} noValidate className="flex flex-col gap-4">
          {asksFor('name') && <NameField />}
          {showsDescription && <DescriptionField rule={policy.description} autoFocus={!asksFor('name')} />}
          {showsExpiry && <ExpiryField policy={policy} />}
          {canOperate && asksFor('owner') && <OwnerField />}
          {asksFor('more') && <MoreFields restored={draft.restored} />}
          <p className="text-[0.8125rem] text-muted">{t('secret.advice')}</p>
          <DialogButtons>
            <Button onClick={onClose}>{t('cancel')}</Button>
            <Button type="submit" look={view.createLook} isBusy={isSubmitting}>
              {t('keys.createSubmit')}
            </Button>
          </DialogButtons>
        </form>
      </FormProvider>
    </Dialog>
  );
}
