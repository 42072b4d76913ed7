import { useBlocker } from '@tanstack/react-router';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';

interface OnceDialogProps {
  title: ReactNode;
  description: ReactNode;
  onClose(): void;
  /** What is shown, with the button that copies it, and what to call when it is in safety. */
  children(part: OncePart): ReactNode;
}

export interface OncePart {
  copyRef: RefObject<HTMLButtonElement | null>;
  onSaved(): void;
}

/**
 * Around something that is shown here and never again: it does not close before that was copied, saved as a file, or the
 * person said to have it.
 */
export function OnceDialog({ title, description, onClose, children }: OnceDialogProps) {
  const t = useText();
  const [isSaved, setSaved] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const copyRef = useRef<HTMLButtonElement>(null);
  useLeaveGuard(!isSaved, () => setAsking(true));
  const close = () => {
    if (isSaved) onClose();
    else setAsking(true);
  };
  return (
    <Dialog
      open
      title={title}
      description={description}
      onClose={close}
      initialFocus={copyRef}
      role="alertdialog"
    >
      {children({ copyRef, onSaved: () => setSaved(true) })}
      {isAsking && !isSaved ? (
        <LeaveQuestion
          onStay={() => {
            setAsking(false);
            copyRef.current?.focus();
          }}
          onLeave={onClose}
        />
      ) : (
        <DialogButtons>
          <Button look={isSaved ? 'primary' : 'secondary'} onClick={close}>
            {t('secret.done')}
          </Button>
        </DialogButtons>
      )}
    </Dialog>
  );
}

/** Neither the back button nor closing the page takes it away before it was saved. */
function useLeaveGuard(isOn: boolean, onTry: () => void): void {
  useBlocker({
    shouldBlockFn: () => {
      if (isOn) onTry();
      return isOn;
    },
    enableBeforeUnload: isOn,
  });
}

function LeaveQuestion({ onStay, onLeave }: { onStay(): void; onLeave(): void }) {
  const t = useText();
  const stay = useRef<HTMLButtonElement>(null);
  useEffect(() => stay.current?.focus(), []);
  return (
    <div role="alert" className="mt-6 rounded-xl border border-warn/40 bg-warn-soft p-4">
      <p className="font-medium text-warn">{t('secret.leaveTitle')}</p>
      <p className="mt-1 text-[0.8125rem] text-warn">{t('secret.leaveText')}</p>
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
