import { useRef } from 'react';
import { useText } from '../text/text.tsx';
import { Button } from './button.tsx';
import { Dialog, DialogButtons } from './dialog.tsx';

/** Before what was typed is lost. */
export function LeaveDialog({ onStay, onLeave }: { onStay(): void; onLeave(): void }) {
  const t = useText();
  const stay = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open
      role="alertdialog"
      width="narrow"
      title={t('unsaved.title')}
      description={t('unsaved.text')}
      initialFocus={stay}
      onClose={onStay}
    >
      <DialogButtons>
        <Button ref={stay} onClick={onStay}>
          {t('unsaved.stay')}
        </Button>
        <Button look="danger" onClick={onLeave}>
          {t('unsaved.leave')}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
