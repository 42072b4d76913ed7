import type { Key } from '@keywright/contract';
import { useRef } from 'react';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { BlastRadius } from './end-key-dialog.tsx';
import { useKeyTitle } from './key-title.ts';

interface ToggleKeyDialogProps {
  k: Key;
  action: 'activate' | 'deactivate';
  onConfirm(): void;
  onClose(): void;
}

/** Asks before a key is switched on or off, where the policy wants that. */
export function ToggleKeyDialog({ k, action, onConfirm, onClose }: ToggleKeyDialogProps) {
  const t = useText();
  const cancel = useRef<HTMLButtonElement>(null);
  const isOff = action === 'deactivate';
  const name = useKeyTitle()(k);
  return (
    <Dialog
      open
      role="alertdialog"
      width="narrow"
      title={t(isOff ? 'keys.deactivateTitle' : 'keys.activateTitle', { name })}
      description={t(isOff ? 'keys.deactivateText' : 'keys.activateText')}
      onClose={onClose}
      initialFocus={cancel}
    >
      {isOff && <BlastRadius k={k} />}
      <DialogButtons>
        <Button ref={cancel} onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button
          look={isOff ? 'danger' : 'good'}
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          {t(isOff ? 'keys.deactivate' : 'keys.activate')}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
