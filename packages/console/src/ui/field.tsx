import { type ComponentProps, type ReactNode, useId } from 'react';
import { cn } from './class-names.ts';

const controlClass =
  'w-full rounded-lg border border-line-strong bg-surface px-3 text-ink placeholder:text-muted/80 aria-invalid:border-bad disabled:opacity-60';

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  fault?: string | undefined;
  /** Written behind the label, as "optional". */
  note?: string;
  className?: string;
  children: (props: FieldControl) => ReactNode;
}

export interface FieldControl {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean | undefined;
}

/** A label with its control, and below it what helps or what is wrong; both are read out with the control. */
export function Field({ label, hint, fault, note, className, children }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ');
  return (
    <div className={cn('flex flex-col gap-1.5', className)}>
      <label htmlFor={id} className="font-medium">
        {label}
        {note && <span className="ml-1.5 font-normal text-muted">{note}</span>}
      </label>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': fault !== undefined || undefined,
      })}
      {hint && (
        <p id={`${id}-hint`} className="text-[0.8125rem] text-muted">
          {hint}
        </p>
      )}
      {fault && (
        <p id={`${id}-fault`} className="text-[0.8125rem] text-bad" role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={cn(controlClass, 'h-9', className)} />;
}

export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea {...rest} className={cn(controlClass, 'min-h-20 py-2', className)} />;
}

export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return <select {...rest} className={cn(controlClass, 'h-9 pr-8', className)} />;
}
