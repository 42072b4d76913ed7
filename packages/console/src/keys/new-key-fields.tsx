import type { FieldRule, Policy } from '@keywright/contract';
import { useFormContext } from 'react-hook-form';
import { useText } from '../text/text.tsx';
import { endOfDay, toDateInput } from '../text/times.ts';
import { Field, type FieldControl, Input, Select, TextArea } from '../ui/field.tsx';
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
          <Select
            {...control}
            {...register('lifetime')}
            // What can be wrong is the day.
            aria-invalid={false}
            className="flex-1 basis-40"
          >
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
          {watch('lifetime') === 'date' && (
            <DateInput
              most={most}
              aria-describedby={control['aria-describedby']}
              aria-invalid={control['aria-invalid']}
            />
          )}
        </div>
      )}
    </Field>
  );
}

interface DateInputProps extends Pick<FieldControl, 'aria-describedby' | 'aria-invalid'> {
  most: number | null;
}

function DateInput({ most, ...rest }: DateInputProps) {
  const t = useText();
  const { register } = useFormContext<NewKeyValues>();
  return (
    <Input
      {...rest}
      type="date"
      aria-label={t('keys.field.date')}
      min={toDateInput(Date.now())}
      {...(most !== null && { max: toDateInput(Date.now() + most * dayMs) })}
      {...register('date', {
        validate: (date, { lifetime }) => {
          if (lifetime !== 'date') return true;
          if (date === '') return t('keys.field.dateMissing');
          return Date.parse(endOfDay(date)) > Date.now() || t('keys.field.datePast');
        },
      })}
      className="flex-1 basis-40"
    />
  );
}

/** What most keys do without. */
export function MoreFields({ restored }: { restored: Partial<NewKeyValues> | null }) {
  const t = useText();
  const { errors } = useFormContext<NewKeyValues>().formState;
  return (
    <FormDetails
      title={t('keys.more')}
      isOpenAtFirst={Boolean(restored?.scopes || restored?.ipAllow)}
      hasFault={errors.scopes !== undefined || errors.ipAllow !== undefined}
    >
      <div className="mt-3 flex flex-col gap-4">
        <ReachFields judge={judgeWords} />
      </div>
    </FormDetails>
  );
}

/** The schemas are loaded when there is something to judge; when that fails the server is left to judge it. */
async function judgeWords(field: 'scopes' | 'ipAllow', text: string): Promise<string | true> {
  if (text.trim() === '') return true;
  const judge = await import('./judge-words.ts').catch(() => null);
  return judge?.judgeWords(field, text) ?? true;
}

function noteFor(rule: FieldRule, optional: string): { note?: string } {
  return rule === 'required' ? {} : { note: optional };
}
