import { type Policy, type Preset, presetPolicies } from '@keywright/contract';
import { keyViews, presetWordings } from '../keys/presets.ts';
import { getCatalogue } from '../text/catalogue.ts';
import type { TextKey, Translate } from '../text/text.tsx';

interface Change {
  what: string;
  from: string;
  to: string;
}

const policyFields = [
  'maxKeysPerOwner',
  'format',
  'prefix',
  'description',
  'expiry',
  'maxLifetimeDays',
  'uniqueNames',
  'confirmToggle',
] as const satisfies readonly (keyof Policy)[];

/** The columns of a look, as they are called in it. */
export function columnsOf(preset: Preset): string {
  return keyViews[preset].columns
    .filter((id) => id !== 'actions' || preset === 'table')
    .map((id) => wordOf(preset, `keys.column.${id}`))
    .join(', ');
}

/** The words that another look says differently. */
export function changedWords(from: Preset, to: Preset): { from: string; to: string }[] {
  const keys = new Set([...Object.keys(presetWordings[from]), ...Object.keys(presetWordings[to])]);
  const pairs = [...keys]
    // The columns are told with their names already.
    .filter((key) => !key.startsWith('keys.column.'))
    .map((key) => ({ from: wordOf(from, key as TextKey), to: wordOf(to, key as TextKey) }))
    .filter((pair) => pair.from !== pair.to);
  return [...new Map(pairs.map((pair) => [`${pair.from}\n${pair.to}`, pair])).values()];
}

/** What a look says for a part, before a project's own words. */
export function wordOf(preset: Preset, key: TextKey): string {
  const text: string | { one: string; other: string } = presetWordings[preset][key] ?? getCatalogue()[key];
  return typeof text === 'string' ? text : `${text.one} · ${text.other}`;
}

/** What a project's policy would become with that of a look. */
export function changedPolicy(policy: Policy, preset: Preset, t: Translate): Change[] {
  const wanted = presetPolicies[preset];
  return policyFields
    .filter((field) => policy[field] !== wanted[field])
    .map((field) => ({
      what: t(`policy.${field}`),
      from: tellPolicy(field, policy[field], t),
      to: tellPolicy(field, wanted[field], t),
    }));
}

function tellPolicy(field: (typeof policyFields)[number], value: Policy[keyof Policy], t: Translate): string {
  if (value === null) return t('policy.noLimit');
  if (typeof value === 'boolean') return t(value ? 'policy.yes' : 'policy.no');
  if (typeof value === 'number') return value.toLocaleString();
  if (field === 'format') return t(value === 'pair' ? 'policy.format.pair' : 'policy.format.token');
  if (value === 'hidden' || value === 'optional' || value === 'required') return t(`policy.rule.${value}`);
  return value;
}
