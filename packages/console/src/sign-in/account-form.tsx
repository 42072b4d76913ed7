import { type Resolver, useForm } from 'react-hook-form';
import { ApiError } from '../api/api-error.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { FormFault, sentence, showFaults } from './form.tsx';
import type { NewAccount } from './new-account.ts';
import { NewPasswordField } from './new-password-field.tsx';

/** The schemas are loaded when there is something to judge: this may be the first screen of all. */
const resolver: Resolver<NewAccount> = async (...values) =>
  (await import('./new-account.ts')).resolveNewAccount(...values);

interface AccountFormProps {
  /** The address that was invited: it cannot be another. */
  email?: string;
  submit: string;
  onSubmit(account: NewAccount): Promise<void>;
}

/** Name, e-mail address and a password: what a new account needs. */
export function AccountForm({ email, submit, onSubmit }: AccountFormProps) {
  const t = useText();
  const form = useForm<NewAccount>({
    resolver,
    defaultValues: { name: '', email: email ?? '', password: '' },
  });
  const { errors, isSubmitting } = form.formState;
  // In the order in which they stand: the first that is wrong gets the focus.
  const name = form.register('name');
  const address = form.register('email');
  const password = form.register('password');
  const faultOf = (name: keyof NewAccount) => errors[name]?.message && sentence(errors[name].message);
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={form.handleSubmit(async (account) => {
        try {
          await onSubmit(account);
        } catch (error) {
          // The account is there, and this password is not its own: it was there before.
          if (error instanceof ApiError && error.status === 401) {
            return form.setError('root', { message: t('signUp.notSignedIn') });
          }
          showFaults(error, form.setError, ['name', 'email', 'password']);
        }
      })}
    >
      <FormFault>{errors.root?.message}</FormFault>
      <Field label={t('signUp.name')} fault={faultOf('name')}>
        {(control) => <Input {...control} {...name} autoComplete="name" autoFocus />}
      </Field>
      <Field label={t('signIn.email')} fault={faultOf('email')}>
        {(control) => (
          <Input
            {...control}
            {...address}
            type="email"
            autoComplete="username"
            readOnly={email !== undefined}
          />
        )}
      </Field>
      <NewPasswordField label={t('signIn.password')} fault={faultOf('password')} {...password} />
      <Button type="submit" look="primary" isBusy={isSubmitting}>
        {submit}
      </Button>
    </form>
  );
}
