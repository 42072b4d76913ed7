import type { Key } from '@keywright/contract';
import { useForm } from 'react-hook-form';
import { api } from '../api/api.ts';
import { ApiError } from '../api/api-error.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogButtons } from '../ui/dialog.tsx';
import { useDraft } from '../ui/draft.ts';
import { DraftNotice } from '../ui/draft-notice.tsx';
import { Field, Input } from '../ui/field.tsx';
import { explainError, notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { refreshKeys } from './key-queries.ts';

export function RenameKeyDialog({ k, onClose }: { k: Key; onClose(): void }) {
  const t = useText();
  const form = useForm({ defaultValues: { name: k.name } });
  const draft = useDraft(form, `rename.${k.id}`);
  const { errors, isSubmitting } = form.formState;
  const isMine = k.ownerId === useProject().me.id;
  const rename = form.handleSubmit(async ({ name }) => {
    try {
      await api('PATCH /v1/keys/{keyId}', { params: { keyId: k.id }, body: { name } });
      draft.forget();
      notifySuccess(t('keys.renamed', { name: name.trim() }));
      refreshKeys(k.projectId);
      onClose();
    } catch (error) {
      if (error instanceof ApiError && error.status < 500) {
        const isTaken = error.code === 'name_taken' && isMine;
        const message = isTaken ? t('keys.field.nameIsMine', { name: name.trim() }) : explainError(error);
        form.setError('name', { message });
      }
      notifyFailure(t('keys.notRenamed', { name: k.name }), error);
    }
  });
  return (
    <Dialog
      open
      width="narrow"
      title={t('keys.renameTitle', { name: k.name })}
      notice={<DraftNotice draft={draft} />}
      onClose={onClose}
    >
      <form noValidate onSubmit={rename}>
        <Field
          label={t('keys.field.newName')}
          hint={t(isMine ? 'keys.field.newNameHint' : 'keys.field.newNameHintOther')}
          fault={errors.name?.message}
        >
          {(control) => (
            <Input
              {...control}
              {...form.register('name', {
                validate: (name) => name.trim() !== '' || t('keys.field.nameMissing'),
              })}
              autoFocus
              autoComplete="off"
              onFocus={(event) => event.target.select()}
            />
          )}
        </Field>
        <DialogButtons>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" look="primary" isBusy={isSubmitting}>
            {t('keys.rename')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
