import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ChannelPolicy,
  channelPolicy,
  channelPolicyPatch,
  defaultPolicy,
  effectivePolicy,
  emptyChannelPolicy,
  policy,
  policyPatch,
  secretPrefix,
} from './policy.ts';
import { preset, presetPolicies, presets } from './preset.ts';

describe('the prefix of secrets', () => {
  test.each(['kw', 'acme', 'acme_live', 'a_b', '1_2', 'abcdefghij', 'abcdefgh_j', 'a_cdefghij', '00'])(
    'may be %s',
    (prefix) => {
      expect(secretPrefix.parse(prefix)).toBe(prefix);
    },
  );

  test.each([
    ...['', 'k', '_', '__', '_a', 'a_', 'a__b', 'a_b_c', '_ab', 'ab_'],
    ...[
      'abcdefghijk',
      'abcdefghi_j',
      'KW',
      'Kw',
      'k-w',
      'k.w',
      'k w',
      'kw ',
      ' kw',
      'kw\n',
      'kw\0',
      'kß',
      '😀',
    ],
    ...[null, 12, ['kw']],
  ])('may not be %j', (prefix) => {
    expect(secretPrefix.safeParse(prefix).success).toBe(false);
  });

  test('leaves at least 256 bits for chance, in 64 characters with an underscore and a checksum', () => {
    const longest = 10;
    expect((64 - longest - 1 - 6) * Math.log2(62)).toBeGreaterThan(256);
  });
});

test('presets are policies, one for each', () => {
  expect(Object.keys(presetPolicies)).toEqual([...presets]);
  for (const name of presets) {
    expect(preset.parse(name)).toBe(name);
    expect(policy.strict().parse(presetPolicies[name])).toEqual(presetPolicies[name]);
  }
  expect(presetPolicies.standard).toEqual(defaultPolicy);
});

test('what holds when nobody says otherwise is what the documentation says', () => {
  expect(policy.strict().parse(defaultPolicy)).toEqual({
    maxKeysPerOwner: 10,
    format: 'token',
    prefix: 'kw',
    description: 'optional',
    expiry: 'optional',
    maxLifetimeDays: null,
    uniqueNames: true,
    confirmToggle: false,
  });
  expect(channelPolicy.strict().parse(emptyChannelPolicy)).toEqual(emptyChannelPolicy);
  expect(Object.keys(emptyChannelPolicy)).toEqual(Object.keys(defaultPolicy));
});

describe('a change of a policy', () => {
  test.each(Object.keys(defaultPolicy))('may leave %s as it is', (field) => {
    const { [field]: _, ...others } = defaultPolicy as unknown as Record<string, unknown>;
    expect(policyPatch.parse(others)).toEqual(others);
    expect(channelPolicyPatch.parse(others)).toEqual(others);
  });

  test('may be none', () => {
    expect(policyPatch.parse({})).toEqual({});
    expect(channelPolicyPatch.parse({})).toEqual({});
  });

  test('takes away only what a project can be without', () => {
    const withoutLimit = Object.keys(defaultPolicy).filter(
      (field) => policyPatch.safeParse({ [field]: null }).success,
    );
    expect(withoutLimit).toEqual(['maxKeysPerOwner', 'maxLifetimeDays']);
    for (const field of Object.keys(defaultPolicy)) {
      expect(channelPolicyPatch.safeParse({ [field]: null }).success).toBe(true);
    }
  });

  test.each([
    ...[0, -1, 1.5, 1_000_001, '10', true, Number.NaN, Number.POSITIVE_INFINITY].map((maxKeysPerOwner) => ({
      maxKeysPerOwner,
    })),
    ...[0, -1, 1.5, 36_501, '30'].map((maxLifetimeDays) => ({ maxLifetimeDays })),
    ...['tokens', 'TOKEN', '', 1].map((format) => ({ format })),
    ...['maybe', true].map((expiry) => ({ expiry })),
    ...['yes', 1, 'true'].map((uniqueNames) => ({ uniqueNames })),
    { prefix: 'KW' },
    { maxKeys: 1 },
    { maxkeysperowner: 1 },
  ])('to %j is refused', (patch) => {
    expect(policyPatch.safeParse(patch).success).toBe(false);
    expect(channelPolicyPatch.safeParse(patch).success).toBe(false);
  });
});

describe('the policy that holds', () => {
  const project = { ...defaultPolicy, maxLifetimeDays: 30, prefix: 'acme' };

  test('is the project’s without a channel', () => {
    expect(effectivePolicy(project, null)).toEqual(project);
  });

  test('is the project’s in a channel that overrides nothing, but for how many keys', () => {
    expect(effectivePolicy(project, emptyChannelPolicy)).toEqual({ ...project, maxKeysPerOwner: null });
  });

  test('is the channel’s in each part that it overrides, `false` included', () => {
    const channel: ChannelPolicy = {
      maxKeysPerOwner: 3,
      format: 'pair',
      prefix: 'other',
      description: 'hidden',
      expiry: 'required',
      maxLifetimeDays: 7,
      uniqueNames: false,
      confirmToggle: true,
    };
    expect(effectivePolicy(project, channel)).toEqual(channel);
    const override = fc.subarray(Object.keys(channel) as (keyof ChannelPolicy)[]);
    fc.assert(
      fc.property(override, (fields) => {
        const part = Object.fromEntries(fields.map((field) => [field, channel[field]]));
        const expected = { ...project, maxKeysPerOwner: null, ...part };
        expect(effectivePolicy(project, { ...emptyChannelPolicy, ...part })).toEqual(expected);
      }),
    );
  });
});
