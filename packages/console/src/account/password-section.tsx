import { zodResolver } from '@hookform/resolvers/zod';
import { type ChangePasswordBody, changePasswordBody } from '@keywright/contract';
import { useForm } from 'react-hook-form';
import { auth } from '../api/auth.ts';
import { FormFault, sentence, showFaults } from '../sign-in/form.tsx';
import { NewPasswordField } from '../sign-in/new-password-field.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { refreshAccount } from './account-queries.ts';
import { Card, Section } from './section.tsx';

const empty = { currentPassword: '', newPassword: '' };

export function PasswordSection({ email }: { email: string }) {
  const t = useText();
  const form = useForm<ChangePasswordBody>({
    resolver: zodResolver(changePasswordBody),
    defaultValues: empty,
  });
  const { errors, isSubmitting } = form.formState;
  // In the order in which they stand: the first that is wrong gets the focus.
  const current = form.register('currentPassword');
  const next = form.register('newPassword');
  const faultOf = (name: keyof ChangePasswordBody) => errors[name]?.message && sentence(errors[name].message);
  const save = form.handleSubmit(async (body) => {
    try {
      await auth('POST /change-password', body);
      form.reset(empty);
      notifySuccess(t('password.changed'));
      refreshAccount();
    } catch (error) {
      showFaults(error, form.setError, ['currentPassword', 'newPassword']);
      notifyFailure(t('password.notChanged'), error);
    }
  });
  return (
    <Section title={t('signIn.password')} text={t('password.text')}>
      <Card>
        <form noValidate onSubmit={save} className="flex max-w-md flex-col gap-4">
          <FormFault>{errors.root?.message}</FormFault>
          <input type="hidden" autoComplete="username" value={email} readOnly />
          <Field label={t('password.current')} fault={faultOf('currentPassword')}>
            {(control) => <Input {...control} {...current} type="password" autoComplete="current-password" />}
          </Field>
          <NewPasswordField label={t('account.newPassword')} fault={faultOf('newPassword')} {...next} />
          <Button type="submit" isBusy={isSubmitting} className="self-start">
            {t('password.submit')}
          </Button>
        </form>
      </Card>
    </Section>
  );
}
