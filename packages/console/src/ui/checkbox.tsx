import { Checkbox as Base } from '@base-ui/react/checkbox';
import { Check, Minus } from 'lucide-react';

interface CheckboxProps {
  checked: boolean;
  isMixed?: boolean;
  onChange(checked: boolean): void;
  label?: string;
  id?: string;
  disabled?: boolean;
}

export function Checkbox({ checked, isMixed = false, onChange, label, id, disabled = false }: CheckboxProps) {
  return (
    <Base.Root
      id={id}
      checked={checked}
      indeterminate={isMixed}
      disabled={disabled}
      onCheckedChange={onChange}
      aria-label={label}
      className="grid size-4.5 shrink-0 place-items-center rounded-[5px] border border-line-strong bg-surface text-on-ink data-checked:border-ink data-checked:bg-ink data-disabled:opacity-50 data-indeterminate:border-ink data-indeterminate:bg-ink"
    >
      <Base.Indicator className="[&_svg]:size-3.5">
        {isMixed ? <Minus strokeWidth={3} aria-hidden /> : <Check strokeWidth={3} aria-hidden />}
      </Base.Indicator>
    </Base.Root>
  );
}
