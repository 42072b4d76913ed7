import { type ReactNode, type RefObject, useRef, useState } from 'react';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { LeaveQuestion, useLeaveGuard } from '../ui/leave-guard.tsx';

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
          title={t('secret.leaveTitle')}
          text={t('secret.leaveText')}
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
