import type { SignInBody } from '@keywright/contract';
import { Link } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import { auth, type SignInAnswer } from '../api/auth.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { FormFault, sentence, showFaults } from './form.tsx';

interface PasswordFormProps {
  email?: string;
  /** The password is right. Without an account the second factor is still to come. */
  onProved(answer: SignInAnswer): Promise<void>;
}

/** Without the schemas, which would have to be loaded first: what else is wrong with an address the server says. */
export function PasswordForm({ email, onProved }: PasswordFormProps) {
  const t = useText();
  const form = useForm<SignInBody>({ defaultValues: { email: email ?? '', password: '' } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (body) => {
    try {
      await onProved(await auth('POST /sign-in/email', body));
    } catch (error) {
      form.resetField('password');
      showFaults(error, form.setError, ['email', 'password']);
      form.setFocus('password');
    }
  });
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <FormFault>{errors.root?.message}</FormFault>
      <Field label={t('signIn.email')} fault={errors.email?.message && sentence(errors.email.message)}>
        {(control) => (
          <Input
            {...control}
            {...form.register('email', { required: t('signIn.emailMissing') })}
            type="email"
            autoComplete="username"
            readOnly={email !== undefined}
            autoFocus={email === undefined}
          />
        )}
      </Field>
      <Field
        label={t('signIn.password')}
        fault={errors.password?.message && sentence(errors.password.message)}
      >
        {(control) => (
          <Input
            {...control}
            {...form.register('password', { required: t('signIn.passwordMissing') })}
            type="password"
            autoComplete="current-password"
            autoFocus={email !== undefined}
          />
        )}
      </Field>
      <Button type="submit" look="primary" isBusy={isSubmitting}>
        {t('signIn.submit')}
      </Button>
      {/* In another tab where a page waits behind: nothing that was typed there is lost. */}
      <Link
        to="/forgot-password"
        {...(email !== undefined && { target: '_blank' })}
        className="self-center text-[0.8125rem] font-medium text-accent underline-offset-4 hover:underline"
      >
        {t('signIn.forgot')}
      </Link>
    </form>
  );
}
