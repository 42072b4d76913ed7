import { type FieldRule, fieldRules, type Policy, policyPatch, secretFormats } from '@keywright/contract';
import { type ReactNode, useId } from 'react';
import { Controller, type UseFormReturn, useForm } from 'react-hook-form';
import { useProject } from '../shell/project.tsx';
import { showFaults } from '../sign-in/form.tsx';
import { useText } from '../text/text.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import { notifyFailure, notifySuccess } from '../ui/notify.tsx';
import { resetTo, resetToSaved } from '../ui/reset-form.ts';
import { Section } from '../ui/section.tsx';
import { Switch } from '../ui/switch.tsx';
import { UnsavedGuard } from '../ui/unsaved-guard.tsx';
import { FormButtons } from './form-buttons.tsx';
import { saveProject } from './save-project.ts';

type Form = UseFormReturn<Policy>;

const fields = Object.keys(policyPatch.shape) as (keyof Policy)[];

/** What the project allows: each part with what a change of it does, and does not do, to keys that exist. */
export function PolicyTab() {
  const t = useText();
  const { project } = useProject();
  const form = useForm<Policy>({
    values: project.policy,
    resetOptions: { keepDirtyValues: true },
  });
  const { isSubmitting, isDirty, dirtyFields } = form.formState;
  const save = form.handleSubmit(async (policy) => {
    try {
      const changed = Object.fromEntries(
        fields.filter((field) => dirtyFields[field]).map((field) => [field, policy[field]]),
      );
      const saved = await saveProject(project.id, { policy: changed });
      resetToSaved(form, policy, saved.policy);
      notifySuccess(t('policy.saved'));
    } catch (error) {
      showFaults(error, form.setError, fields);
      notifyFailure(t('settings.notSaved'), error);
    }
  });
  return (
    <form noValidate onSubmit={save}>
      <p className="mb-5 max-w-2xl text-muted">{t('policy.text')}</p>
      <Section title={t('policy.limits')}>
        <Stack>
          <NumberField form={form} name="maxKeysPerOwner" most={1_000_000} />
          <NumberField form={form} name="maxLifetimeDays" most={36_500} />
        </Stack>
      </Section>
      <Section title={t('policy.secrets')}>
        <Stack>
          <Field label={t('policy.format')} hint={t('policy.format.hint')}>
            {(control) => (
              <Select {...control} {...form.register('format')} className="max-w-sm">
                {secretFormats.map((format) => (
                  <option key={format} value={format}>
                    {t(`policy.format.${format}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <PrefixField form={form} />
        </Stack>
      </Section>
      <Section title={t('policy.asks')}>
        <Stack>
          <RuleField form={form} name="description" />
          <RuleField form={form} name="expiry" />
        </Stack>
      </Section>
      <Section title={t('policy.handling')}>
        <Stack>
          <SwitchField form={form} name="uniqueNames" />
          <SwitchField form={form} name="confirmToggle" />
        </Stack>
      </Section>
      <FormButtons
        save={t('policy.save')}
        isDirty={isDirty}
        isBusy={isSubmitting}
        onReset={() => resetTo(form, project.policy)}
      />
      <UnsavedGuard isDirty={isDirty} isSaving={isSubmitting} />
    </form>
  );
}

function Stack({ children }: { children: ReactNode }) {
  return <div className="flex max-w-2xl flex-col gap-5">{children}</div>;
}

interface NumberFieldProps {
  form: Form;
  name: 'maxKeysPerOwner' | 'maxLifetimeDays';
  most: number;
}

function NumberField({ form, name, most }: NumberFieldProps) {
  const t = useText();
  return (
    <Field
      label={t(`policy.${name}`)}
      hint={t(`policy.${name}.hint`)}
      fault={form.formState.errors[name]?.message}
    >
      {(control) => (
        <Input
          {...control}
          {...form.register(name, {
            setValueAs: (typed: string | number | null) =>
              typed === null || String(typed).trim() === '' ? null : Number(typed),
            validate: (value) =>
              policyPatch.shape[name].safeParse(value).success || t('policy.number', { most }),
          })}
          inputMode="numeric"
          autoComplete="off"
          placeholder={t('policy.noLimit')}
          className="max-w-40"
        />
      )}
    </Field>
  );
}

function PrefixField({ form }: { form: Form }) {
  const t = useText();
  const prefix = form.watch('prefix');
  const isGood = policyPatch.shape.prefix.safeParse(prefix).success;
  return (
    <Field
      label={t('policy.prefix')}
      hint={t('policy.prefix.hint', { example: `${isGood ? prefix : 'kw'}_aB3d…x9Zk` })}
      fault={form.formState.errors.prefix?.message}
    >
      {(control) => (
        <Input
          {...control}
          {...form.register('prefix', {
            setValueAs: (value: string) => value.trim(),
            validate: (value) =>
              policyPatch.shape.prefix.safeParse(value).success || t('policy.prefix.fault'),
          })}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          className="max-w-40 font-mono"
        />
      )}
    </Field>
  );
}

function RuleField({ form, name }: { form: Form; name: 'description' | 'expiry' }) {
  const t = useText();
  return (
    <Field label={t(`policy.${name}`)} hint={t(`policy.${name}.hint`)}>
      {(control) => (
        <Select {...control} {...form.register(name)} className="max-w-sm">
          {fieldRules.map((rule: FieldRule) => (
            <option key={rule} value={rule}>
              {t(`policy.rule.${rule}`)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function SwitchField({ form, name }: { form: Form; name: 'uniqueNames' | 'confirmToggle' }) {
  const t = useText();
  const id = useId();
  return (
    <Controller
      control={form.control}
      name={name}
      render={({ field }) => (
        <div className="flex items-start gap-4">
          <Switch
            id={id}
            label={t(`policy.${name}`)}
            checked={field.value}
            onChange={(isOn) => field.onChange(isOn)}
          />
          <label htmlFor={id}>
            <span className="font-medium">{t(`policy.${name}`)}</span>
            <span className="block text-[0.8125rem] text-muted">{t(`policy.${name}.hint`)}</span>
          </label>
        </div>
      )}
    />
  );
}
