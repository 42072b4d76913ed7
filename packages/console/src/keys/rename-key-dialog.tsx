import type { Key } from '@keywright/contract';
import { useState } from 'react';
import { api } from '../api/api.ts';
import { ApiError } from '../api/api-error.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { explainError, notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { refreshKeys } from './key-queries.ts';

export function RenameKeyDialog({ k, onClose }: { k: Key; onClose(): void }) {
  const t = useText();
  const [name, setName] = useState(k.name);
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const isMine = k.ownerId === useProject().me.id;
  const rename = async () => {
    if (name.trim() === '') return setFault(t('keys.field.nameMissing'));
    setBusy(true);
    try {
      await api('PATCH /v1/keys/{keyId}', { params: { keyId: k.id }, body: { name } });
      notifySuccess(t('keys.renamed', { name: name.trim() }));
      refreshKeys(k.projectId);
      onClose();
    } catch (error) {
      setBusy(false);
      if (error instanceof ApiError && error.status < 500) {
        const isTaken = error.code === 'name_taken' && isMine;
        setFault(isTaken ? t('keys.field.nameIsMine', { name: name.trim() }) : explainError(error));
      }
      notifyFailure(t('keys.notRenamed', { name: k.name }), error);
    }
  };
  return (
    <Dialog open width="narrow" title={t('keys.renameTitle', { name: k.name })} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void rename();
        }}
      >
        <Field
          label={t('keys.field.newName')}
          hint={t(isMine ? 'keys.field.newNameHint' : 'keys.field.newNameHintOther')}
          fault={fault}
        >
          {(control) => (
            <Input
              {...control}
              autoFocus
              autoComplete="off"
              value={name}
              onFocus={(event) => event.target.select()}
              onChange={(event) => {
                setName(event.target.value);
                setFault(undefined);
              }}
            />
          )}
        </Field>
        <DialogButtons>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" look="primary" isBusy={isBusy}>
            {t('keys.rename')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
