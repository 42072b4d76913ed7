import { z } from 'zod';

export const secretFormats = ['token', 'pair'] as const;
export const secretFormat = z.enum(secretFormats);
export type SecretFormat = z.infer<typeof secretFormat>;

export const fieldRules = ['hidden', 'optional', 'required'] as const;
export const fieldRule = z.enum(fieldRules);
export type FieldRule = z.infer<typeof fieldRule>;

/** 2–10 of `a-z0-9`, with at most one `_` inside. */
export const secretPrefix = z.string().regex(/^(?=.{2,10}$)[a-z0-9]+(_[a-z0-9]+)?$/, {
  error: 'must be 2 to 10 characters of a-z and 0-9, with at most one _ inside',
});

const maxKeysPerOwner = z.number().int().min(1).max(1_000_000);
const maxLifetimeDays = z.number().int().min(1).max(36_500);

/** What a project allows. `null` for a number means no limit. */
export const policy = z.object({
  maxKeysPerOwner: maxKeysPerOwner.nullable(),
  format: secretFormat,
  prefix: secretPrefix,
  description: fieldRule,
  expiry: fieldRule,
  maxLifetimeDays: maxLifetimeDays.nullable(),
  uniqueNames: z.boolean(),
  confirmToggle: z.boolean(),
});
export type Policy = z.infer<typeof policy>;

/**
 * What a channel overrides: `null` means "as the project", but for `maxKeysPerOwner`, where a channel is a place of
 * its own and `null` means that it has no limit.
 */
export const channelPolicy = z.object({
  maxKeysPerOwner: maxKeysPerOwner.nullable(),
  format: secretFormat.nullable(),
  prefix: secretPrefix.nullable(),
  description: fieldRule.nullable(),
  expiry: fieldRule.nullable(),
  maxLifetimeDays: maxLifetimeDays.nullable(),
  uniqueNames: z.boolean().nullable(),
  confirmToggle: z.boolean().nullable(),
});
export type ChannelPolicy = z.infer<typeof channelPolicy>;

export const defaultPolicy: Policy = Object.freeze({
  maxKeysPerOwner: 10,
  format: 'token',
  prefix: 'kw',
  description: 'optional',
  expiry: 'optional',
  maxLifetimeDays: null,
  uniqueNames: true,
  confirmToggle: false,
});

export const emptyChannelPolicy: ChannelPolicy = Object.freeze({
  maxKeysPerOwner: null,
  format: null,
  prefix: null,
  description: null,
  expiry: null,
  maxLifetimeDays: null,
  uniqueNames: null,
  confirmToggle: null,
});

/** The policy that holds for a key: the project's, with what its channel overrides. */
export function effectivePolicy(project: Policy, channel: ChannelPolicy | null): Policy {
  if (channel === null) return project;
  return {
    maxKeysPerOwner: channel.maxKeysPerOwner,
    format: channel.format ?? project.format,
    prefix: channel.prefix ?? project.prefix,
    description: channel.description ?? project.description,
    expiry: channel.expiry ?? project.expiry,
    maxLifetimeDays: channel.maxLifetimeDays ?? project.maxLifetimeDays,
    uniqueNames: channel.uniqueNames ?? project.uniqueNames,
    confirmToggle: channel.confirmToggle ?? project.confirmToggle,
  };
}

/** A change of a project's policy: fields that are absent stay, `null` takes a limit away. */
export const policyPatch = z.strictObject({
  maxKeysPerOwner: maxKeysPerOwner.nullable().exactOptional(),
  format: secretFormat.exactOptional(),
  prefix: secretPrefix.exactOptional(),
  description: fieldRule.exactOptional(),
  expiry: fieldRule.exactOptional(),
  maxLifetimeDays: maxLifetimeDays.nullable().exactOptional(),
  uniqueNames: z.boolean().exactOptional(),
  confirmToggle: z.boolean().exactOptional(),
});
export type PolicyPatch = z.infer<typeof policyPatch>;

export const channelPolicyPatch = z.strictObject({
  maxKeysPerOwner: maxKeysPerOwner.nullable().exactOptional(),
  format: secretFormat.nullable().exactOptional(),
  prefix: secretPrefix.nullable().exactOptional(),
  description: fieldRule.nullable().exactOptional(),
  expiry: fieldRule.nullable().exactOptional(),
  maxLifetimeDays: maxLifetimeDays.nullable().exactOptional(),
  uniqueNames: z.boolean().nullable().exactOptional(),
  confirmToggle: z.boolean().nullable().exactOptional(),
});
export type ChannelPolicyPatch = z.infer<typeof channelPolicyPatch>;
