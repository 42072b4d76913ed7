import { useRef } from 'react';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';

export function LeaveDialog({ onStay, onLeave }: { onStay(): void; onLeave(): void }) {
  const t = useText();
  const stay = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open
      role="alertdialog"
      width="narrow"
      title={t('settings.leaveTitle')}
      description={t('settings.leaveText')}
      initialFocus={stay}
      onClose={onStay}
    >
      <DialogButtons>
        <Button look="danger" onClick={onLeave}>
          {t('settings.leave')}
        </Button>
        <Button ref={stay} onClick={onStay}>
          {t('settings.stay')}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
