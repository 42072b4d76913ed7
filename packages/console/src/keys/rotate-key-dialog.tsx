import { type Key, rotateKeyBody } from '@keywright/contract';
import { useRef, useState } from 'react';
import { api } from '../api/api.ts';
import { attemptAfter, newAttempt, wasAnswerLost } from '../api/attempt.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { Field, Select } from '../ui/field.tsx';
import { notifyFailure } from '../ui/notify.tsx';
import type { IssuedSecret } from './issued-secret.ts';
import { refreshKeys } from './key-queries.ts';
import { useKeyTitle } from './key-title.ts';
import { SecretDialog } from './late-secret-dialog.ts';

interface RotateKeyDialogProps {
  k: Key;
  onClose(): void;
  onIssued(issued: IssuedSecret): void;
}

/** 0, an hour, a day, a week, 30 days. */
const overlaps = [0, 3600, 86_400, 604_800, 2_592_000] as const;
const usual = rotateKeyBody.parse({}).overlapSeconds;

/** A new secret for the same key, beside which the old one works on for a while. */
export function RotateKeyDialog({ k, onClose, onIssued }: RotateKeyDialogProps) {
  const t = useText();
  const name = useKeyTitle()(k);
  const [overlapSeconds, setOverlap] = useState<number>(usual);
  const [isBusy, setBusy] = useState(false);
  // A second rotation would end the secret that everybody still uses.
  const attempt = useRef(newAttempt());
  const rotate = async () => {
    setBusy(true);
    try {
      await SecretDialog.load();
      const { key, secret } = await api('POST /v1/keys/{keyId}/rotate', {
        params: { keyId: k.id },
        body: { overlapSeconds },
        headers: { 'Idempotency-Key': attempt.current },
      });
      refreshKeys(k.projectId);
      onClose();
      onIssued({ key, secret, by: 'rotate' });
    } catch (error) {
      attempt.current = attemptAfter(error, attempt.current);
      // It may have been done, which the list and the page of the key tell.
      refreshKeys(k.projectId);
      setBusy(false);
      if (!wasAnswerLost(error)) return notifyFailure(t('rotate.failed', { name }), error);
      onClose();
      notifyFailure(t('rotate.doneButLost', { name }), error);
    }
  };
  return (
    <Dialog
      open
      width="narrow"
      title={t('rotate.title', { name })}
      description={t('rotate.text')}
      onClose={onClose}
    >
      <Field
        label={t('rotate.overlap')}
        hint={t(overlapSeconds === 0 ? 'rotate.noOverlap' : 'rotate.overlapHint')}
      >
        {(control) => (
          <Select
            {...control}
            value={overlapSeconds}
            onChange={({ target }) => setOverlap(Number(target.value))}
          >
            {overlaps.map((seconds) => (
              <option key={seconds} value={seconds}>
                {t(`rotate.after.${seconds}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {k.rotation && <p className="mt-3 rounded-lg bg-warn-soft px-3 py-2 text-warn">{t('rotate.again')}</p>}
      <DialogButtons>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button look="primary" isBusy={isBusy} onClick={rotate}>
          {t('rotate.submit')}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
