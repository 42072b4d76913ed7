import { useFormContext } from 'react-hook-form';
import { useText } from '../text/text.tsx';
import { Field, TextArea } from '../ui/field.tsx';

/** What of a form these fields are for: words with spaces or line breaks between. */
interface ReachValues {
  scopes: string;
  ipAllow: string;
}

interface ReachFieldsProps {
  /** Says what is wrong with the words of a field, where the form does not judge them as a whole. */
  judge?(field: keyof ReachValues, text: string): Promise<string | true>;
}

/** For what and from where a key is good, whether it is new or not. */
export function ReachFields({ judge }: ReachFieldsProps) {
  const t = useText();
  const { register, formState } = useFormContext<ReachValues>();
  const fields = [
    ['scopes', 'orders:read orders:write'],
    ['ipAllow', '203.0.113.7 2001:db8::/32'],
  ] as const;
  return fields.map(([name, example]) => (
    <Field
      key={name}
      label={t(`keys.field.${name}`)}
      note={t('optional')}
      hint={t(`keys.field.${name}Hint`)}
      fault={formState.errors[name]?.message}
    >
      {(control) => (
        <TextArea
          {...control}
          {...register(name, judge && { validate: (text) => judge(name, text) })}
          rows={2}
          spellCheck={false}
          placeholder={example}
          className="font-mono text-[0.8125rem]"
        />
      )}
    </Field>
  ));
}
