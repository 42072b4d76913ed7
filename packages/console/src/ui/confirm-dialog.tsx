import { type ReactNode, useRef } from 'react';
import { useText } from '../text/text.tsx';
import { Button, type ButtonLook } from './button.tsx';
import { Dialog, DialogButtons } from './dialog.tsx';
import { useAttempt } from './use-attempt.ts';

interface ConfirmDialogProps {
  title: string;
  text: ReactNode;
  /** What is to be known or chosen before. */
  children?: ReactNode;
  submit: string;
  look?: ButtonLook;
  /** "The passkey was not deleted." */
  failure: string;
  /** Closes the dialog itself, or goes elsewhere, when it is done. */
  onConfirm(): Promise<void>;
  onClose(): void;
}

/** Asks before something that has consequences, and stays open when it fails. It begins with the way out. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, text, children, submit, look = 'danger', failure, onConfirm, onClose } = props;
  const t = useText();
  const cancel = useRef<HTMLButtonElement>(null);
  const { isBusy, start } = useAttempt(onConfirm, failure);
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
      {children}
      <DialogButtons>
        <Button ref={cancel} onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button look={look} isBusy={isBusy} onClick={start}>
          {submit}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
