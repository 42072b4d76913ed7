import { zodResolver } from '@hookform/resolvers/zod';
import { type CreateInvitationBody, createInvitationBody } from '@keywright/contract';
import { Controller, useForm } from 'react-hook-form';
import { ApiError } from '../api/api-error.ts';
import { useProject } from '../shell/project.tsx';
import { sentence } from '../sign-in/form.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { useDraft } from '../ui/draft.ts';
import { DraftNotice } from '../ui/draft-notice.tsx';
import { Field, Input } from '../ui/field.tsx';
import { notifyFailure } from '../ui/notify.tsx';
import { useIsHere } from '../ui/use-is-here.ts';
import { type IssuedLink, invite } from './issued-link.ts';
import { RoleOptions } from './role-options.tsx';

interface InviteDialogProps {
  onClose(): void;
  onIssued(issued: IssuedLink): void;
}

/** Asks whom to invite and as what. */
export function InviteDialog({ onClose, onIssued }: InviteDialogProps) {
  const t = useText();
  const { project } = useProject();
  const isHere = useIsHere();
  const form = useForm<CreateInvitationBody>({
    resolver: zodResolver(createInvitationBody),
    defaultValues: { email: '', role: 'member' },
  });
  const draft = useDraft(form, `invitation.${project.id}`);
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (body) => {
    try {
      const issued = await invite(project.id, body);
      draft.forget();
      onClose();
      onIssued(issued);
    } catch (error) {
      const fault = error instanceof ApiError && error.errors.find(({ path }) => path === 'email');
      if (fault && isHere()) form.setError('email', { message: fault.message }, { shouldFocus: true });
      else notifyFailure(t('invitations.notMade', { email: body.email }), error);
    }
  });
  return (
    <Dialog
      open
      width="narrow"
      title={t('invitations.newTitle')}
      description={t('invitations.newText')}
      notice={<DraftNotice draft={draft} />}
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field label={t('invitations.email')} fault={errors.email?.message && sentence(errors.email.message)}>
          {(control) => (
            <Input
              {...control}
              {...form.register('email')}
              type="email"
              autoFocus
              autoComplete="off"
              placeholder="grace@example.com"
            />
          )}
        </Field>
        <Controller
          control={form.control}
          name="role"
          render={({ field }) => <RoleOptions value={field.value} onChange={field.onChange} />}
        />
        <DialogButtons>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" look="primary" isBusy={isSubmitting}>
            {t('invitations.make')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
