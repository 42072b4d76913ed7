import { Switch as Base } from '@base-ui/react/switch';

interface SwitchProps {
  checked: boolean;
  onChange(checked: boolean): void;
  label: string;
  disabled?: boolean;
  id?: string;
}

export function Switch({ checked, onChange, label, disabled = false, id }: SwitchProps) {
  return (
    <Base.Root
      id={id}
      checked={checked}
      onCheckedChange={onChange}
      disabled={disabled}
      aria-label={label}
      className="relative inline-flex h-5.5 w-10 shrink-0 rounded-full border border-transparent bg-line-strong p-0.5 transition-colors data-checked:bg-good-solid data-disabled:opacity-50"
    >
      <Base.Thumb className="size-4.25 rounded-full bg-white shadow-sm forced-colors:bg-[ButtonText] transition-transform data-checked:translate-x-4.5" />
    </Base.Root>
  );
}
