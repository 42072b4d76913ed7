import type { ComponentProps } from 'react';
import { useText } from '../text/text.tsx';
import { Field, Input } from '../ui/field.tsx';

interface NewPasswordFieldProps extends ComponentProps<'input'> {
  label: string;
  fault: string | undefined;
}

/** Where a password is chosen, with what makes a good one. */
export function NewPasswordField({ label, fault, ...rest }: NewPasswordFieldProps) {
  const t = useText();
  return (
    <Field label={label} hint={t('signUp.passwordHint')} fault={fault}>
      {(control) => <Input {...rest} {...control} type="password" autoComplete="new-password" />}
    </Field>
  );
}
