import { z } from 'zod';
import { defaultPolicy, type Policy } from './policy.ts';

export const presets = ['standard', 'classic', 'table', 'pair', 'channels', 'gateway'] as const;
export const preset = z.enum(presets);
export type Preset = z.infer<typeof preset>;

/** The policy that a new project of a preset starts with; each part can be changed alone afterwards. */
export const presetPolicies: Readonly<Record<Preset, Policy>> = Object.freeze({
  standard: defaultPolicy,
  classic: { ...defaultPolicy, description: 'hidden', expiry: 'hidden' },
  table: { ...defaultPolicy, maxKeysPerOwner: null, description: 'required', confirmToggle: true },
  pair: { ...defaultPolicy, format: 'pair', description: 'hidden', expiry: 'hidden' },
  channels: { ...defaultPolicy, maxKeysPerOwner: null, description: 'hidden', expiry: 'hidden' },
  gateway: { ...defaultPolicy, maxKeysPerOwner: null, expiry: 'hidden' },
});
