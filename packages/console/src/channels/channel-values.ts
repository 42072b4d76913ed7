import type { Channel, ChannelPolicy } from '@keywright/contract';

/** The parts of a policy whose own value is typed; that of the others is chosen. */
export const typedParts = ['maxKeysPerOwner', 'prefix', 'maxLifetimeDays'] as const;
export type TypedPart = (typeof typedParts)[number];

/** What is typed and chosen in the form of a channel, as its controls have it. */
export interface ChannelValues {
  name: string;
  slug: string;
  description: string;
  upstream: string;
  /** An empty text: as the project has it. */
  policy: Record<keyof ChannelPolicy, string>;
  /** Whether the channel has a value of its own, which stands in `policy`. */
  hasOwn: Record<TypedPart, boolean>;
}

export function channelValues(channel: Channel | null): ChannelValues {
  const policy = channel?.policy;
  return {
    name: channel?.name ?? '',
    slug: channel?.slug ?? '',
    description: channel?.description ?? '',
    upstream: channel?.upstream ?? '',
    policy: {
      maxKeysPerOwner: toText(policy?.maxKeysPerOwner),
      format: toText(policy?.format),
      prefix: toText(policy?.prefix),
      description: toText(policy?.description),
      expiry: toText(policy?.expiry),
      maxLifetimeDays: toText(policy?.maxLifetimeDays),
      uniqueNames: toText(policy?.uniqueNames),
      confirmToggle: toText(policy?.confirmToggle),
    },
    hasOwn: {
      maxKeysPerOwner: toText(policy?.maxKeysPerOwner) !== '',
      prefix: toText(policy?.prefix) !== '',
      maxLifetimeDays: toText(policy?.maxLifetimeDays) !== '',
    },
  };
}

function toText(value: string | number | boolean | null | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}

/** The channel that the form describes, for the contract's schema to judge. */
export function channelBody({ name, slug, description, upstream, policy, hasOwn }: ChannelValues) {
  return {
    name,
    slug: slug.trim(),
    description: description.trim() === '' ? null : description,
    upstream: upstream.trim() === '' ? null : upstream.trim(),
    policy: {
      maxKeysPerOwner: hasOwn.maxKeysPerOwner ? toNumber(policy.maxKeysPerOwner) : null,
      format: policy.format || null,
      prefix: hasOwn.prefix ? policy.prefix.trim() : null,
      description: policy.description || null,
      expiry: policy.expiry || null,
      maxLifetimeDays: hasOwn.maxLifetimeDays ? toNumber(policy.maxLifetimeDays) : null,
      uniqueNames: toFlag(policy.uniqueNames),
      confirmToggle: toFlag(policy.confirmToggle),
    },
  };
}

/** A number that was typed; what is none stays NaN, which no schema takes. */
function toNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function toFlag(text: string): boolean | null {
  return text === '' ? null : text === 'true';
}

/** What of it is another than before: what somebody else changed meanwhile stays as it is. */
export function changesOf<T extends object>(before: T, after: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => value !== before[name as keyof T]),
  ) as Partial<T>;
}

const longestSlug = 40;

/** "Orders, Europe" → `orders-europe`; nothing where a name has too few letters for one. */
export function suggestSlug(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longestSlug)
    .replace(/^-+|-+$/g, '');
  return slug.length < 2 ? '' : slug;
}
