import { type ReactNode, useRef, useState } from 'react';
import { useText } from '../text/text.tsx';
import { Button, type ButtonLook } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { notifyFailure } from '../ui/notify.tsx';

interface ConfirmDialogProps {
  title: string;
  text: ReactNode;
  submit: string;
  look?: ButtonLook;
  /** "The passkey was not deleted." */
  failure: string;
  onConfirm(): Promise<void>;
  onClose(): void;
}

/** Asks before something that cannot be taken back, and stays open when it fails. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, text, submit, look = 'danger', failure, onConfirm, onClose } = props;
  const t = useText();
  const cancel = useRef<HTMLButtonElement>(null);
  const [isBusy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
    } catch (error) {
      notifyFailure(failure, error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      role="alertdialog"
      width="narrow"
      title={title}
      description={text}
      initialFocus={cancel}
      onClose={onClose}
    >
      <DialogButtons>
        <Button ref={cancel} onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button look={look} isBusy={isBusy} onClick={() => void confirm()}>
          {submit}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
