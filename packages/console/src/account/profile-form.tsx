import { zodResolver } from '@hookform/resolvers/zod';
import { updateProfileBody } from '@keywright/contract';
import { useForm } from 'react-hook-form';
import { auth } from '../api/auth.ts';
import type { AccountMe } from '../shell/project.tsx';
import { FormFault, sentence, showFaults } from '../sign-in/form.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { resetToSaved } from '../ui/reset-form.ts';
import { refreshAccount } from './account-queries.ts';

export function ProfileForm({ me }: { me: AccountMe }) {
  const t = useText();
  const form = useForm({
    resolver: zodResolver(updateProfileBody),
    values: { name: me.name },
    resetOptions: { keepDirtyValues: true },
  });
  const { errors, isSubmitting } = form.formState;
  const save = form.handleSubmit(async (body) => {
    const sent = structuredClone(form.getValues());
    try {
      const { account } = await auth('POST /update-profile', body);
      resetToSaved(form, sent, { name: account.name });
      notifySuccess(t('profile.saved'));
      refreshAccount();
    } catch (error) {
      showFaults(error, form.setError, ['name']);
      notifyFailure(t('profile.notSaved'), error);
    }
  });
  return (
    <form noValidate onSubmit={save} className="flex flex-col gap-4">
      <FormFault>{errors.root?.message}</FormFault>
      <Field label={t('signUp.name')} fault={errors.name?.message && sentence(errors.name.message)}>
        {(control) => (
          <Input {...control} {...form.register('name')} autoComplete="name" className="max-w-md" />
        )}
      </Field>
      <Button type="submit" isBusy={isSubmitting} className="self-start">
        {t('profile.save')}
      </Button>
    </form>
  );
}
