import type { Key } from '@keywright/contract';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api } from '../api/api.ts';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { notifySuccess } from '../ui/notify.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { useAttempt } from '../ui/use-attempt.ts';
import { lastHourQuery, refreshKeys } from './key-queries.ts';
import { keyDisplay, useKeyTitle } from './key-title.ts';

interface EndKeyDialogProps {
  k: Key;
  ending: 'revoke' | 'delete';
  /** Instead of ending the key: absent where it is off already. */
  onDeactivate: (() => void) | null;
  onClose(): void;
}

/** Revokes or deletes a key. Before that it shows who will notice; it begins with the way out. */
export function EndKeyDialog({ k, ending, onDeactivate, onClose }: EndKeyDialogProps) {
  const t = useText();
  const cancel = useRef<HTMLButtonElement>(null);
  const [reason, setReason] = useState('');
  const name = useKeyTitle()(k);
  const { isBusy, start } = useAttempt(
    async () => {
      await endKey(k, ending, reason);
      notifySuccess(t(ending === 'revoke' ? 'keys.revoked' : 'keys.deleted', { name }));
      onClose();
      refreshKeys(k.projectId);
    },
    t(ending === 'revoke' ? 'keys.notRevoked' : 'keys.notDeleted', { name }),
  );
  return (
    <Dialog
      open
      role="alertdialog"
      width="narrow"
      title={t(ending === 'revoke' ? 'keys.revokeTitle' : 'keys.deleteTitle', { name })}
      description={t(ending === 'revoke' ? 'keys.revokeText' : 'keys.deleteText')}
      onClose={onClose}
      initialFocus={cancel}
    >
      <code className="mb-3 block font-mono text-[0.8125rem] break-all text-muted">{keyDisplay(k)}</code>
      <BlastRadius k={k} />
      {ending === 'revoke' && (
        <Field label={t('keys.reason')} note={t('optional')} className="mt-4">
          {(control) => (
            <Input
              {...control}
              value={reason}
              maxLength={200}
              placeholder={t('keys.reasonExample')}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
      )}
      <DialogButtons>
        {onDeactivate && (
          <Button
            look="ghost"
            className="sm:mr-auto"
            onClick={() => {
              onClose();
              onDeactivate();
            }}
          >
            {t('keys.deactivateInstead')}
          </Button>
        )}
        <Button ref={cancel} onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button look="danger" isBusy={isBusy} onClick={start}>
          {t(ending === 'revoke' ? 'keys.revoke' : 'keys.delete')}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

async function endKey(k: Key, ending: 'revoke' | 'delete', reason: string): Promise<void> {
  const params = { keyId: k.id };
  if (ending === 'delete') await api('DELETE /v1/keys/{keyId}', { params });
  else await api('POST /v1/keys/{keyId}/revoke', { params, body: reason.trim() ? { reason } : {} });
}

const hourMs = 3_600_000;

/** "Used 42 times in the last hour, from 3 addresses": who will get a 401 from now on. */
export function BlastRadius({ k }: { k: Key }) {
  const t = useText();
  const { data, isError } = useQuery(lastHourQuery(k.id));
  if (isError) return <p className="text-[0.8125rem] text-muted">{t('blast.unknown')}</p>;
  if (!data) return <Skeleton className="h-12 w-full" />;
  const count = data.buckets
    .filter(({ code }) => code === 'valid')
    .reduce((sum, bucket) => sum + bucket.count, 0);
  const addresses = new Set(
    data.origins.filter(({ lastAt }) => Date.parse(lastAt) > Date.now() - hourMs).map(({ ip }) => ip),
  ).size;
  if (count === 0 || k.status !== 'active') {
    return (
      <p data-testid="blast-radius" className="rounded-xl bg-sunken px-3.5 py-3 text-[0.8125rem]">
        {t('blast.unused')}
      </p>
    );
  }
  return (
    <div
      data-testid="blast-radius"
      className="rounded-xl bg-warn-soft px-3.5 py-3 text-[0.8125rem] text-warn"
    >
      <p className="font-medium">
        {t('blast.used', { count })} {t('blast.addresses', { count: addresses })}
      </p>
      <p>{t('blast.refused')}</p>
    </div>
  );
}
