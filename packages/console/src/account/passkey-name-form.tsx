import { zodResolver } from '@hookform/resolvers/zod';
import { renamePasskeyBody } from '@keywright/contract';
import { useForm } from 'react-hook-form';
import { FormFault, sentence } from '../sign-in/form.tsx';
import { explainCeremony } from '../sign-in/passkey-button.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { DialogButtons } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';

interface PasskeyNameFormProps {
  name: string;
  submit: string;
  onSubmit(name: string): Promise<void>;
  onClose(): void;
}

const nameOnly = renamePasskeyBody.pick({ name: true });

/** What a passkey is called, for who has several. */
export function PasskeyNameForm({ name, submit, onSubmit, onClose }: PasskeyNameFormProps) {
  const t = useText();
  const form = useForm({ resolver: zodResolver(nameOnly), defaultValues: { name } });
  const { errors, isSubmitting } = form.formState;
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={form.handleSubmit(async (body) => {
        try {
          await onSubmit(body.name);
        } catch (error) {
          form.setError('root', { message: await explainCeremony(error) });
        }
      })}
    >
      <FormFault>{errors.root?.message}</FormFault>
      <Field
        label={t('passkeys.name')}
        hint={t('passkeys.nameHint')}
        fault={errors.name?.message && sentence(errors.name.message)}
      >
        {(control) => <Input {...control} {...form.register('name')} autoFocus autoComplete="off" />}
      </Field>
      <DialogButtons>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" look="primary" isBusy={isSubmitting}>
          {submit}
        </Button>
      </DialogButtons>
    </form>
  );
}
