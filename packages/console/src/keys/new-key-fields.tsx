import type { FieldRule, Policy } from '@keywright/contract';
import { useFormContext } from 'react-hook-form';
import { useText } from '../text/text.tsx';
import { toDateInput } from '../text/times.ts';
import { Field, Input, Select, TextArea } from '../ui/field.tsx';
import { FormDetails } from '../ui/form-details.tsx';
import { dayMs, lifetimes, mayLastForever, type NewKeyValues } from './new-key-values.ts';
import { ReachFields } from './reach-fields.tsx';

export function NameField() {
  const t = useText();
  const { register, formState } = useFormContext<NewKeyValues>();
  return (
    <Field
      label={t('keys.field.name')}
      hint={t('keys.field.nameHint')}
      fault={formState.errors.name?.message}
    >
      {(control) => (
        <Input
          {...control}
          {...register('name', {
            required: t('keys.field.nameMissing'),
            maxLength: { value: 100, message: t('field.tooLong', { count: 100 }) },
          })}
          autoFocus
          autoComplete="off"
          placeholder={t('keys.field.nameExample')}
        />
      )}
    </Field>
  );
}

export function DescriptionField({ rule, autoFocus }: { rule: FieldRule; autoFocus: boolean }) {
  const t = useText();
  const { register, formState } = useFormContext<NewKeyValues>();
  return (
    <Field
      label={t('keys.field.description')}
      {...noteFor(rule, t('optional'))}
      fault={formState.errors.description?.message}
    >
      {(control) => (
        <TextArea
          {...control}
          {...register('description', {
            required: rule === 'required' && t('keys.field.descriptionMissing'),
            maxLength: { value: 500, message: t('field.tooLong', { count: 500 }) },
          })}
          autoFocus={autoFocus}
          rows={2}
        />
      )}
    </Field>
  );
}

/** In how many days, or on which one, as far as the policy lets a key last. */
export function ExpiryField({ policy }: { policy: Policy }) {
  const t = useText();
  const { register, watch, formState } = useFormContext<NewKeyValues>();
  const most = policy.maxLifetimeDays;
  return (
    <Field
      label={t('keys.field.expiry')}
      {...noteFor(policy.expiry, t('optional'))}
      hint={most === null ? undefined : t('keys.field.expiryMost', { count: most })}
      fault={formState.errors.date?.message}
    >
      {(control) => (
        <div className="flex flex-wrap gap-2">
          <Select {...control} {...register('lifetime')} className="flex-1 basis-40">
            {mayLastForever(policy) && <option value="never">{t('keys.never')}</option>}
            {lifetimes
              .filter((days) => days <= (most ?? days))
              .map((days) => (
                <option key={days} value={days}>
                  {t('keys.field.inDays', { count: days })}
                </option>
              ))}
            <option value="date">{t('keys.field.onDate')}</option>
          </Select>
          {watch('lifetime') === 'date' && <DateInput most={most} />}
        </div>
      )}
    </Field>
  );
}

function DateInput({ most }: { most: number | null }) {
  const t = useText();
  const { register } = useFormContext<NewKeyValues>();
  return (
    <Input
      type="date"
      aria-label={t('keys.field.date')}
      min={toDateInput(Date.now())}
      {...(most !== null && { max: toDateInput(Date.now() + most * dayMs) })}
      {...register('date', {
        validate: (date, { lifetime }) => lifetime !== 'date' || date !== '' || t('keys.field.dateMissing'),
      })}
      className="flex-1 basis-40"
    />
  );
}

/** What most keys do without. */
export function MoreFields() {
  const t = useText();
  const { errors } = useFormContext<NewKeyValues>().formState;
  return (
    <FormDetails
      title={t('keys.more')}
      hasFault={errors.scopes !== undefined || errors.ipAllow !== undefined}
    >
      <div className="mt-3 flex flex-col gap-4">
        <ReachFields />
      </div>
    </FormDetails>
  );
}

function noteFor(rule: FieldRule, optional: string): { note?: string } {
  return rule === 'required' ? {} : { note: optional };
}
