import type { FieldRule, Policy } from '@keywright/contract';
import { Controller, useFormContext } from 'react-hook-form';
import { useMembers } from '../members/use-members.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { endOfDay, toDateInput } from '../text/times.ts';
import { Field, type FieldControl, Input, Select, TextArea } from '../ui/field.tsx';
import { FormDetails } from '../ui/form-details.tsx';
import { GrowingSelect } from '../ui/growing-select.tsx';
import { holdsSecret } from './found-secret.ts';
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

/** Whom the key is for: a member, somebody whom the provider knows by an id of its own, or nobody. */
export function OwnerField() {
  const t = useText();
  const { me } = useProject();
  const { control: form, register, watch, formState } = useFormContext<NewKeyValues>();
  const { errors } = formState;
  const owner = watch('owner');
  const isExternal = owner === 'external';
  const list = useMembers({ wanted: [owner] });
  const members = list.data ?? [];
  const isListed = members.some(({ accountId }) => accountId === owner);
  return (
    <Field
      label={t('keys.field.owner')}
      hint={t('keys.field.ownerHint')}
      fault={errors.ownerId?.message ?? errors.root?.ownerId?.message}
    >
      {(control) => (
        <div className="flex flex-wrap gap-2">
          {/* By its state: the members may come later than the choice among them. */}
          <Controller
            control={form}
            name="owner"
            render={({ field }) => (
              <GrowingSelect
                {...control}
                {...field}
                list={list}
                // What can be wrong is the id beside it, where there is one.
                aria-invalid={!isExternal && control['aria-invalid']}
                className="flex-1 basis-40"
              >
                {owner.startsWith('acc_') && !isListed && (
                  <option value={owner}>
                    {owner === me.id ? t('keys.field.ownerMe', { name: me.name }) : owner}
                  </option>
                )}
                {members.map(({ accountId, name }) => (
                  <option key={accountId} value={accountId}>
                    {accountId === me.id ? t('keys.field.ownerMe', { name }) : name}
                  </option>
                ))}
                <option value="external">{t('keys.field.ownerExternal')}</option>
                <option value="nobody">{t('keys.field.ownerNobody')}</option>
              </GrowingSelect>
            )}
          />
          {isExternal && (
            <Input
              aria-label={t('keys.field.ownerId')}
              aria-describedby={control['aria-describedby']}
              aria-invalid={control['aria-invalid']}
              placeholder="customer-42"
              className="flex-1 basis-40"
              {...register('ownerId', {
                validate: (id, { owner }) => {
                  if (owner !== 'external') return true;
                  if (id.trim() === '') return t('keys.field.ownerIdMissing');
                  return !holdsSecret(id) || t('field.secret');
                },
              })}
            />
          )}
        </div>
      )}
    </Field>
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
