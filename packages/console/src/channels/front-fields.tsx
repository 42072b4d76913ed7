import { useId } from 'react';
import { useText } from '../text/text.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { Field, Input } from '../ui/field.tsx';
import { type AddressField, type FrontValues, isGood } from './front-values.ts';

interface FrontFieldsProps {
  /** Those that the configuration has. */
  fields: readonly AddressField[];
  values: FrontValues;
  onChange(values: FrontValues): void;
}

/** What the configuration is filled in with; what is known stands there already. */
export function FrontFields({ fields, values, onChange }: FrontFieldsProps) {
  const t = useText();
  const tokenId = useId();
  return (
    <>
      <div className="grid items-start gap-4 md:grid-cols-[1fr_1fr_8rem]">
        {fields.map((field) => (
          <Field
            key={field}
            label={t(`front.${field}`)}
            hint={field !== 'listen' && t(`front.${field}.hint`)}
            fault={
              isGood(field, values[field].trim())
                ? undefined
                : t(field === 'listen' ? 'front.notPort' : 'front.notAddress')
            }
            className="min-w-0"
          >
            {(control) => (
              <Input
                {...control}
                value={values[field]}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                {...(field === 'listen' && { inputMode: 'numeric' })}
                className="font-mono text-[0.8125rem]"
                onChange={({ target }) => onChange({ ...values, [field]: target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      <div className="mt-4 flex items-start gap-3">
        <Checkbox
          id={tokenId}
          checked={values.hasToken}
          onChange={(hasToken) => onChange({ ...values, hasToken })}
          label={t('front.token')}
        />
        <label htmlFor={tokenId} className="-mt-0.5 min-w-0">
          <span className="font-medium">{t('front.token')}</span>
          <span className="block text-[0.8125rem] text-muted">{t('front.token.hint')}</span>
        </label>
      </div>
    </>
  );
}
