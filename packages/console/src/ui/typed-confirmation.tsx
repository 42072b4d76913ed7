import { Field, Input } from './field.tsx';

interface TypedConfirmationProps {
  label: string;
  value: string;
  fault: string | undefined;
  onChange(value: string): void;
}

/** A field in which the name of what ends for good is typed. */
export function TypedConfirmation({ label, value, fault, onChange }: TypedConfirmationProps) {
  return (
    <Field label={label} fault={fault} className="mt-4 [&_label]:break-words">
      {(control) => (
        <Input
          {...control}
          value={value}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
