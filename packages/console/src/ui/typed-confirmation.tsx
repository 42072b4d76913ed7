import { type ReactNode, useRef, useState } from 'react';
import { useText } from '../text/text.tsx';
import { Button } from './button.tsx';
import { Dialog, DialogButtons } from './dialog.tsx';
import { Field, Input } from './field.tsx';
import { useAttempt } from './use-attempt.ts';

interface TypedConfirmationProps {
  title: string;
  text: string;
  width?: 'narrow';
  /** What is to be known before. */
  children: ReactNode;
  /** Asks for the name that is to be typed. */
  label: string;
  isRight(typed: string): boolean;
  /** What is said of any other. */
  mismatch: string;
  submit: string;
  /** "The project was not deleted." */
  failure: string;
  /** Closes the dialog itself, or goes elsewhere, when it is done. */
  onConfirm(): Promise<void>;
  onClose(): void;
}

/** Asks for the name of what ends for good before it does. It begins with the way out. */
export function TypedConfirmation(props: TypedConfirmationProps) {
  const { title, text, width, children, label, isRight, mismatch, submit, failure, onConfirm, onClose } =
    props;
  const t = useText();
  const cancel = useRef<HTMLButtonElement>(null);
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState<string>();
  const { isBusy, start } = useAttempt(onConfirm, failure);
  const confirm = () => {
    if (isRight(typed.trim())) void start();
    else setFault(mismatch);
  };
  return (
    <Dialog
      open
      role="alertdialog"
      {...(width && { width })}
      title={title}
      description={text}
      initialFocus={cancel}
      onClose={onClose}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) confirm();
        }}
      >
        {children}
        <Field label={label} fault={fault} className="mt-4 [&_label]:break-words">
          {(control) => (
            <Input
              {...control}
              value={typed}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              onChange={(event) => {
                setTyped(event.target.value);
                setFault(undefined);
              }}
            />
          )}
        </Field>
        <DialogButtons>
          <Button ref={cancel} onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" look="danger" isBusy={isBusy}>
            {submit}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
