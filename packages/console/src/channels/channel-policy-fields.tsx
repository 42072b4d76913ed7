import type { ChannelPolicy, Policy } from '@keywright/contract';
import type { UseFormReturn } from 'react-hook-form';
import { useProject } from '../shell/project.tsx';
import { type TextKey, type Translate, useText } from '../text/text.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import { FormDetails } from '../ui/form-details.tsx';
import { type ChannelValues, type TypedPart, typedParts } from './channel-values.ts';

type Part = keyof ChannelPolicy;
type ChosenPart = Exclude<Part, TypedPart>;

/** The values that can be chosen, each with its words. */
const choices: Readonly<Record<ChosenPart, Readonly<Record<string, TextKey>>>> = {
  format: { token: 'channels.policy.token', pair: 'channels.policy.pair' },
  description: {
    hidden: 'channels.policy.hidden',
    optional: 'channels.policy.optional',
    required: 'channels.policy.required',
  },
  expiry: {
    hidden: 'channels.policy.hidden',
    optional: 'channels.policy.optional',
    required: 'channels.policy.required',
  },
  uniqueNames: { true: 'channels.policy.yes', false: 'channels.policy.no' },
  confirmToggle: { true: 'channels.policy.yes', false: 'channels.policy.no' },
};

const parts: readonly Part[] = [
  'maxKeysPerOwner',
  'format',
  'prefix',
  'description',
  'expiry',
  'maxLifetimeDays',
  'uniqueNames',
  'confirmToggle',
];

interface ChannelPolicyFieldsProps {
  form: UseFormReturn<ChannelValues>;
  /** What was typed before and is back. */
  restored: Partial<ChannelValues> | null;
}

/** What the channel allows, part by part: as the project has it, or a value of its own. */
export function ChannelPolicyFields({ form, restored }: ChannelPolicyFieldsProps) {
  const t = useText();
  const { errors, defaultValues } = form.formState;
  const isOwn = Object.values(restored?.policy ?? defaultValues?.policy ?? {}).some((value) => value !== '');
  return (
    <FormDetails
      title={t('channels.policy.title')}
      isOpenAtFirst={isOwn}
      hasFault={errors.policy !== undefined}
    >
      <p className="mt-1 mb-3 text-[0.8125rem] text-muted">{t('channels.policy.text')}</p>
      <div className="grid gap-x-5 gap-y-4 sm:grid-cols-2">
        {parts.map((part) =>
          isTyped(part) ? (
            <TypedField key={part} part={part} form={form} />
          ) : (
            <ChosenField key={part} part={part} form={form} />
          ),
        )}
      </div>
    </FormDetails>
  );
}

function isTyped(part: Part): part is TypedPart {
  return (typedParts as readonly string[]).includes(part);
}

interface PartProps<P extends Part> {
  part: P;
  form: UseFormReturn<ChannelValues>;
}

function ChosenField({ part, form }: PartProps<ChosenPart>) {
  const t = useText();
  const { project } = useProject();
  return (
    <Field label={t(`channels.policy.${part}`)} fault={form.formState.errors.policy?.[part]?.message}>
      {(control) => (
        <Select {...control} {...form.register(`policy.${part}`)}>
          <option value="">
            {t('channels.policy.asProject', { value: wordOf(t, project.policy, part) })}
          </option>
          {Object.entries(choices[part]).map(([value, text]) => (
            <option key={value} value={value}>
              {t(text)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

/** Numbers and the prefix: whether the channel has its own, and which. */
function TypedField({ part, form }: PartProps<TypedPart>) {
  const t = useText();
  const { project } = useProject();
  const hasOwn = form.watch(`hasOwn.${part}`);
  const label = t(`channels.policy.${part}`);
  return (
    <Field
      label={label}
      fault={form.formState.errors.policy?.[part]?.message}
      hint={
        part === 'maxKeysPerOwner'
          ? t('channels.policy.projectHas', { value: wordOf(t, project.policy, part) })
          : undefined
      }
    >
      {({ id, ...described }) => (
        <div className="flex gap-2">
          <Select
            id={id}
            aria-describedby={described['aria-describedby']}
            className="min-w-0 flex-1"
            value={hasOwn ? 'own' : ''}
            onChange={({ target }) => {
              form.setValue(`hasOwn.${part}`, target.value === 'own', { shouldDirty: true });
              form.clearErrors(`policy.${part}`);
            }}
          >
            <option value="">
              {part === 'maxKeysPerOwner'
                ? t('channels.policy.noLimit')
                : t('channels.policy.asProject', { value: wordOf(t, project.policy, part) })}
            </option>
            <option value="own">
              {t(part === 'maxKeysPerOwner' ? 'channels.policy.atMost' : 'channels.policy.own')}
            </option>
          </Select>
          {hasOwn && (
            <Input
              {...described}
              {...form.register(`policy.${part}`)}
              aria-label={t('channels.policy.ownOf', { part: label })}
              autoFocus={form.getValues(`policy.${part}`) === ''}
              {...(part === 'prefix'
                ? { autoCapitalize: 'none', spellCheck: false, maxLength: 10 }
                : { type: 'number', min: 1, step: 1, inputMode: 'numeric' as const })}
              className="w-28! shrink-0"
            />
          )}
        </div>
      )}
    </Field>
  );
}

/** What a project has written, in words. */
function wordOf(t: Translate, policy: Policy, part: Part): string {
  const value = policy[part];
  if (value === null) return t('channels.policy.noLimit');
  if (part === 'maxLifetimeDays') return t('channels.policy.days', { count: Number(value) });
  if (isTyped(part)) return value.toLocaleString();
  const text = choices[part][String(value)];
  return text ? t(text) : String(value);
}
