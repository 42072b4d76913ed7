import { useBlocker } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { shutGates } from '../api/gates.ts';
import { useText } from '../text/text.tsx';
import { Button } from './button.tsx';

/**
 * Neither the back button nor closing the page takes away what is shown this once, before it was saved; nor does another
 * dialog cover it.
 * @returns lets the next navigation pass
 */
export function useLeaveGuard(isOn: boolean, onTry: () => void): () => void {
  const isFree = useRef(false);
  useEffect(() => (isOn ? shutGates() : undefined), [isOn]);
  useBlocker({
    shouldBlockFn: () => {
      const isHeld = isOn && !isFree.current;
      if (isHeld) onTry();
      return isHeld;
    },
    enableBeforeUnload: isOn,
  });
  return () => {
    isFree.current = true;
  };
}

interface LeaveQuestionProps {
  title: string;
  text: string;
  onStay(): void;
  onLeave(): void;
}

/** Asks once, before what nobody can show again is closed. */
export function LeaveQuestion({ title, text, onStay, onLeave }: LeaveQuestionProps) {
  const t = useText();
  const stay = useRef<HTMLButtonElement>(null);
  useEffect(() => stay.current?.focus(), []);
  return (
    <div role="alert" className="mt-6 rounded-xl border border-warn/40 bg-warn-soft p-4">
      <p className="font-medium text-warn">{title}</p>
      <p className="mt-1 text-[0.8125rem] text-warn">{text}</p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button ref={stay} size="small" look="primary" onClick={onStay}>
          {t('secret.stay')}
        </Button>
        <Button size="small" onClick={onLeave}>
          {t('secret.leave')}
        </Button>
      </div>
    </div>
  );
}
