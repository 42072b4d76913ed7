import { zodResolver } from '@hookform/resolvers/zod';
import { resetPasswordByLinkBody } from '@keywright/contract';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { auth } from '../api/auth.ts';
import { queryClient } from '../api/queries.ts';
import { useText } from '../text/text.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { BadLink } from './bad-link.tsx';
import { useCheckedLink } from './checked-link.ts';
import { FormFault, FormTitle, sentence, showFaults } from './form.tsx';
import { useLinkToken } from './link-token.ts';
import { LinkWait } from './link-wait.tsx';
import { NewPasswordField } from './new-password-field.tsx';

/** Where a link for another password leads. */
export function ResetPasswordPage() {
  const t = useText();
  const token = useLinkToken();
  const check = useCheckedLink(token, 'reset_password');
  const [isDone, setDone] = useState(false);
  if (token === null) return <BadLink error={null} />;
  if (check.state === 'checking') return <LinkWait />;
  if (check.state === 'bad') {
    return (
      <BadLink error={check.error}>
        <Link to="/forgot-password" className={buttonClass()}>
          {t('reset.another')}
        </Link>
      </BadLink>
    );
  }
  if (isDone) {
    return (
      <div role="status">
        <FormTitle title={t('reset.done')} text={t('reset.doneText')} />
        <Link to="/sign-in" className={`${buttonClass('primary')} w-full`}>
          {t('signIn.title')}
        </Link>
      </div>
    );
  }
  return (
    <ResetForm
      token={token}
      email={check.link.email ?? ''}
      onDone={() => {
        // All sessions have ended, one in this browser among them.
        queryClient.clear();
        setDone(true);
      }}
    />
  );
}

const passwordOnly = resetPasswordByLinkBody.pick({ password: true });

function ResetForm({ token, email, onDone }: { token: string; email: string; onDone(): void }) {
  const t = useText();
  const form = useForm({ resolver: zodResolver(passwordOnly), defaultValues: { password: '' } });
  const { errors, isSubmitting } = form.formState;
  return (
    <>
      <FormTitle title={t('reset.title')} text={t('reset.text', { email })} />
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={form.handleSubmit(async ({ password }) => {
          try {
            await auth('POST /reset-password', { token, password });
            onDone();
          } catch (error) {
            showFaults(error, form.setError, ['password']);
          }
        })}
      >
        <FormFault>{errors.root?.message}</FormFault>
        <input type="hidden" autoComplete="username" value={email} readOnly />
        <NewPasswordField
          label={t('account.newPassword')}
          fault={errors.password?.message && sentence(errors.password.message)}
          autoFocus
          {...form.register('password')}
        />
        <Button type="submit" look="primary" isBusy={isSubmitting}>
          {t('reset.submit')}
        </Button>
      </form>
    </>
  );
}
