import type { Key } from '@keywright/contract';
import { useId } from 'react';
import { useFormContext } from 'react-hook-form';
import { useMembers } from '../members/use-members.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { toDateInput } from '../text/times.ts';
import { Field, Input, TextArea } from '../ui/field.tsx';
import { holdsSecret } from './found-secret.ts';
import type { KeyValues } from './key-values.ts';
import { ReachFields } from './reach-fields.tsx';

const small = 'font-mono text-[0.8125rem]';

/** What it is called; that an owner may always change. */
export function DescribingFields() {
  const t = useText();
  const { register, formState } = useFormContext<KeyValues>();
  const { errors } = formState;
  return (
    <>
      <Field label={t('keys.field.name')} fault={errors.name?.message}>
        {(control) => <Input {...control} {...register('name')} autoComplete="off" />}
      </Field>
      <Field label={t('keys.field.description')} note={t('optional')} fault={errors.description?.message}>
        {(control) => <TextArea {...control} {...register('description')} rows={2} />}
      </Field>
    </>
  );
}

/** For whom, how long, for what and from where it is good. */
export function GrantFields({ k }: { k: Key }) {
  const t = useText();
  const { canOperate } = useProject();
  const { register, formState } = useFormContext<KeyValues>();
  const { errors } = formState;
  return (
    <div className="grid min-w-0 gap-5 md:grid-cols-2">
      <Field
        label={t('keySettings.expiry')}
        note={t('optional')}
        hint={t('keySettings.expiryHint')}
        fault={errors.date?.message}
      >
        {(control) => (
          <Input
            {...control}
            {...register('date')}
            type="date"
            {...(k.status !== 'expired' && { min: toDateInput(Date.now()) })}
          />
        )}
      </Field>
      {canOperate && <OwnerIdField />}
      <ReachFields />
      <Field
        label={t('keySettings.metadata')}
        note={t('optional')}
        hint={t('keySettings.metadataHint')}
        fault={errors.metadata?.message as string | undefined}
        className="md:col-span-2"
      >
        {(control) => (
          <TextArea
            {...control}
            {...register('metadata')}
            rows={5}
            spellCheck={false}
            placeholder={'{ "plan": "pro" }'}
            className={small}
          />
        )}
      </Field>
    </div>
  );
}

/** Whom it is for; members are offered, and named. */
function OwnerIdField() {
  const t = useText();
  const list = useId();
  const { register, watch, formState } = useFormContext<KeyValues>();
  const ownerId = watch('ownerId').trim();
  const { data: members = [] } = useMembers({ wanted: [ownerId] });
  const member = members.find(({ accountId }) => accountId === ownerId);
  return (
    <Field
      label={t('keys.column.owner')}
      note={t('optional')}
      hint={member ? t('keySettings.ownerIs', { name: member.name }) : t('keySettings.ownerHint')}
      fault={formState.errors.ownerId?.message}
    >
      {(control) => (
        <>
          <Input
            {...control}
            {...register('ownerId', { validate: (id) => !holdsSecret(id) || t('field.secret') })}
            list={list}
            autoComplete="off"
            spellCheck={false}
            className={small}
          />
          <datalist id={list}>
            {members.map(({ accountId, name }) => (
              <option key={accountId} value={accountId}>
                {name}
              </option>
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
