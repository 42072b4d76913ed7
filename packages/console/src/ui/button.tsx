import { LoaderCircle } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from './class-names.ts';

export type ButtonLook = 'primary' | 'secondary' | 'ghost' | 'danger' | 'good' | 'black';

const looks: Readonly<Record<ButtonLook, string>> = {
  primary: 'bg-ink text-on-ink hover:bg-ink/85',
  secondary: 'bg-surface text-ink border border-line-strong/60 hover:bg-sunken',
  ghost: 'text-ink hover:bg-sunken',
  danger: 'bg-bad-solid text-white hover:bg-bad-solid/90',
  good: 'bg-good-solid text-white hover:bg-good-solid/90',
  black: 'bg-black text-white border border-black hover:bg-neutral-800 dark:border-line-strong',
};

export interface ButtonProps extends ComponentProps<'button'> {
  look?: ButtonLook;
  size?: 'small' | 'normal' | 'icon';
  /** It is at work: it stays where it is and takes no second click. */
  isBusy?: boolean;
  /** Disabled, but still reached by the keyboard, so that it can say why. */
  isBlocked?: boolean;
}

const sizes = {
  small: 'h-8 px-2.5 text-[0.8125rem]',
  normal: 'h-9 px-3.5',
  icon: 'size-9 sm:size-8 shrink-0',
} as const;

/** How everything looks that is pressed, links among it. */
export function buttonClass(look: ButtonLook = 'secondary', size: keyof typeof sizes = 'normal'): string {
  return cn(
    'inline-flex items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap select-none transition-colors',
    'disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55',
    '[&_svg]:size-4 [&_svg]:shrink-0',
    looks[look],
    sizes[size],
  );
}

export function Button({
  look = 'secondary',
  size = 'normal',
  isBusy = false,
  isBlocked = false,
  className,
  children,
  disabled,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={cn(buttonClass(look, size), className)}
      disabled={disabled}
      aria-disabled={isBlocked || isBusy || undefined}
      aria-busy={isBusy || undefined}
      onClick={(event) => {
        if (isBusy || isBlocked) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {isBusy && <LoaderCircle className="animate-spin" aria-hidden />}
      {children}
    </button>
  );
}
