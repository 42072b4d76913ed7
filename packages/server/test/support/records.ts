import { randomBytes } from 'node:crypto';
import {
  type ChannelGateway,
  defaultChannelGateway,
  defaultPolicy,
  emptyChannelPolicy,
} from '@keywright/contract';
import type { StoredChannel } from '../../src/channels/channel-store.ts';
import type { Stores } from '../../src/domain/context.ts';
import { newId } from '../../src/domain/id.ts';
import type { NewSecret, StoredKey } from '../../src/keys/key-store.ts';
import { type SecretHash, secretHashFrom } from '../../src/keys/secret-format.ts';
import type { StoredProject } from '../../src/projects/project-store.ts';
import type { StoredServiceKey } from '../../src/service-keys/service-key-store.ts';

/** The moment at which stored records are made, unless a test says otherwise. */
export const epochMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

/** Who made the records that were put into the database past the use cases, so that no ledger tells of them. */
export const recordMaker = 'svc_maker';

/** Text that is stored, searched and sorted wrongly where bytes, LIKE patterns or collations are not minded. */
export const awkwardTexts = [
  'plain',
  'Größe ΑΒΓ שלום 漢字',
  '🗝️ 4-byte 𝕶 👩‍👩‍👧',
  '100% _sure_ \\ C:\\dir\\',
  `'; DROP TABLE keys; --`,
  '"quoted" $1 ? :name {x}',
  'e\u0301 is not é',
] as const;

export function randomHash(): SecretHash {
  return secretHashFrom(randomBytes(32));
}

export function storedProject(fields: Partial<StoredProject> = {}): StoredProject {
  return {
    id: newId('project', fields.createdAt ?? epochMs),
    name: 'Project',
    preset: 'standard',
    policy: defaultPolicy,
    wording: {},
    createdAt: epochMs,
    ...fields,
  };
}

/** No field of it is as a new channel has it. */
export const fullGateway: ChannelGateway = {
  credentials: ['pair', 'basic'],
  scopeRules: [{ method: 'GET', path: "/it's/*", scopes: ['a:b', '*'] }],
  preflight: 'pass',
  explain: false,
};

export function storedChannel(fields: Partial<StoredChannel> & { projectId: string }): StoredChannel {
  const id = newId('channel', fields.createdAt ?? epochMs);
  return {
    id,
    slug: id.slice(4).toLowerCase(),
    name: 'Channel',
    description: null,
    upstream: null,
    policy: emptyChannelPolicy,
    gateway: defaultChannelGateway,
    createdAt: epochMs,
    ...fields,
  };
}

export function storedKey(fields: Partial<StoredKey> & { projectId: string }): StoredKey {
  return {
    id: newId('key', fields.createdAt ?? epochMs),
    channelId: null,
    ownerId: null,
    name: 'Key',
    description: null,
    format: 'token',
    publicId: null,
    status: 'active',
    scopes: [],
    metadata: {},
    rateLimits: [],
    quota: null,
    ipAllow: [],
    expiresAt: null,
    createdAt: epochMs,
    createdBy: recordMaker,
    updatedAt: epochMs,
    revokedAt: null,
    revokedReason: null,
    ...fields,
  };
}

export function storedServiceKey(fields: Partial<StoredServiceKey> = {}): StoredServiceKey {
  return {
    id: newId('serviceKey', fields.createdAt ?? epochMs),
    name: 'Service key',
    projectId: null,
    scopes: ['verify'],
    display: 'kws_abcd…wxyz',
    createdAt: epochMs,
    createdBy: recordMaker,
    lastUsedAt: null,
    expiresAt: null,
    bootstrap: false,
    ...fields,
  };
}

export function newSecret(fields: Partial<NewSecret> = {}): NewSecret {
  return { hash: randomHash(), display: 'kw_abcd…wxyz', createdAt: epochMs, ...fields };
}

/** Puts a project into the database, and answers it. */
export async function insertProject(
  stores: Stores,
  fields: Partial<StoredProject> = {},
): Promise<StoredProject> {
  const project = storedProject(fields);
  await stores.projects.insert(project);
  return project;
}

/** Puts a channel into the database with its slug claimed, and answers it. */
export async function insertChannel(
  stores: Stores,
  fields: Partial<StoredChannel> & { projectId: string },
): Promise<StoredChannel> {
  const channel = storedChannel(fields);
  await stores.channels.claimSlug(channel.slug, channel.projectId, channel.id);
  await stores.channels.insert(channel);
  return channel;
}

/** Puts a key with a random secret into the database, and answers it. */
export async function insertKey(
  stores: Stores,
  fields: Partial<StoredKey> & { projectId: string },
): Promise<StoredKey> {
  const key = storedKey(fields);
  await stores.keys.insert(key, newSecret());
  return key;
}
