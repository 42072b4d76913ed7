import { zodResolver } from '@hookform/resolvers/zod';
import { type SignInBody, signInBody } from '@keywright/contract';
import { useForm } from 'react-hook-form';
import { auth } from '../api/auth.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { FormFault, sentence, showFaults } from './form.tsx';

interface SignInFormProps {
  /** Who is to sign in again; the address is then given. */
  email?: string;
  onSignedIn(): void | Promise<void>;
}

export function SignInForm({ email, onSignedIn }: SignInFormProps) {
  const t = useText();
  const form = useForm<SignInBody>({
    resolver: zodResolver(signInBody),
    defaultValues: { email: email ?? '', password: '' },
  });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (body) => {
    try {
      await auth('POST /sign-in/email', body);
      await onSignedIn();
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
            {...form.register('email')}
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
            {...form.register('password')}
            type="password"
            autoComplete="current-password"
            autoFocus={email !== undefined}
          />
        )}
      </Field>
      <Button type="submit" look="primary" isBusy={isSubmitting}>
        {t('signIn.submit')}
      </Button>
    </form>
  );
}
