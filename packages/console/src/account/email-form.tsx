import { zodResolver } from '@hookform/resolvers/zod';
import { changeEmailBody } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { auth } from '../api/auth.ts';
import type { AccountMe } from '../shell/project.tsx';
import { FormFault, sentence, showFaults } from '../sign-in/form.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { notifyFailure } from '../ui/notify.tsx';
import { refreshAccount, securityQuery } from './account-queries.ts';
import { PendingEmail } from './pending-email.tsx';

/** Another e-mail address. It is the account's own once the link that goes there was opened, not before. */
export function EmailForm({ me }: { me: AccountMe }) {
  const t = useText();
  const { data: security } = useQuery(securityQuery);
  const pending = security?.pendingEmail;
  const [asked, setAsked] = useState<{ email: string; sent: boolean } | null>(null);
  const sent = asked?.email === pending?.email ? (asked?.sent ?? null) : null;
  const form = useForm({ resolver: zodResolver(changeEmailBody), defaultValues: { email: '' } });
  const { errors, isSubmitting } = form.formState;
  const ask = form.handleSubmit(async ({ email }) => {
    setAsked(null);
    try {
      const answer = await auth('POST /change-email', { email });
      setAsked({ email, sent: answer.sent });
      refreshAccount();
      form.reset();
    } catch (error) {
      showFaults(error, form.setError, ['email']);
      notifyFailure(t('email.notAsked'), error);
    }
  });
  const forget = () => {
    setAsked(null);
    // The button that was pressed goes away.
    form.setFocus('email');
  };
  return (
    <form noValidate onSubmit={ask} className="flex flex-col gap-4">
      <p>
        <span className="font-medium">{t('email.current')}</span>
        <br />
        <span className="break-all text-muted">{me.email}</span>
      </p>
      <FormFault>{errors.root?.message}</FormFault>
      <Field
        label={t('email.new')}
        hint={t('email.hint')}
        fault={errors.email?.message && sentence(errors.email.message)}
      >
        {(control) => (
          <Input
            {...control}
            {...form.register('email')}
            type="email"
            autoComplete="off"
            className="max-w-md"
          />
        )}
      </Field>
      <div>
        <Button type="submit" isBusy={isSubmitting}>
          {t('email.submit')}
        </Button>
        <div role="status">
          {pending && <PendingEmail pending={pending} sent={sent} onCancelled={forget} />}
        </div>
      </div>
    </form>
  );
}
