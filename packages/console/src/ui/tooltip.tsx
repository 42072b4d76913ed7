import { cloneElement, type ReactElement, type ReactNode, useId, useRef, useState } from 'react';
import { late } from './late.tsx';

const TooltipPopup = late(async () => (await import('./tooltip-popup.tsx')).TooltipPopup, { isAhead: true });

interface TargetProps {
  ref?: React.Ref<HTMLElement>;
  'aria-describedby'?: string | undefined;
  onPointerEnter?(event: React.PointerEvent): void;
  onPointerLeave?(): void;
  onFocus?(): void;
  onBlur?(): void;
  onKeyDown?(event: React.KeyboardEvent): void;
}

interface TooltipProps {
  text: ReactNode;
  /** What it belongs to: one element that can have the focus, so that the keyboard gets to it. */
  children: ReactElement<TargetProps>;
}

const delayMs = 250;

/**
 * A text beside what the pointer or the focus is on. What shows it is loaded with the first one; the element itself is
 * never replaced, so that it keeps the focus.
 */
export function Tooltip({ text, children }: TooltipProps) {
  const id = useId();
  const target = useRef<HTMLElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [isOpen, setOpen] = useState(false);
  const show = (afterMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(true), afterMs);
  };
  const hide = () => {
    clearTimeout(timer.current);
    setOpen(false);
  };
  const element = cloneElement(children, {
    ref: target,
    'aria-describedby': isOpen ? id : children.props['aria-describedby'],
    onPointerEnter: ({ pointerType }) => pointerType !== 'touch' && show(delayMs),
    onPointerLeave: hide,
    onFocus: () => show(0),
    onBlur: hide,
    onKeyDown: ({ key }) => key === 'Escape' && hide(),
  });
  return (
    <>
      {element}
      {isOpen && <TooltipPopup id={id} anchor={target} text={text} onClose={hide} />}
    </>
  );
}
