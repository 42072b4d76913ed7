import { type ChannelGateway, defaultChannelGateway, type QuotaPeriod } from '@keywright/contract';
import { secretHashFrom } from '../keys/secret-format.ts';
import type { FollowedRow } from '../ledger/entry.ts';
import type { LoadedChannel, LoadedKey, LoadedServiceKey } from '../verification/verification-store.ts';

/*
 * The queries of the hot paths, written once for both engines and sent as they are: a query builder would cost more
 * than the read.
 */

/** @param match what follows the hash's column: `= $1`, or a list */
export function keyQuery(match: string): string {
  return `SELECT secrets.sha256, secrets.retires_at, keys.id, keys.project_id, keys.channel_id, keys.owner_id, keys.name,
    keys.format, keys.public_id, keys.status, keys.scopes, keys.metadata, keys.ip_allow,
    keys.rate_limits, keys.quota_limit, keys.quota_period, keys.expires_at
  FROM secrets
  JOIN keys ON keys.id = secrets.key_id
  JOIN projects ON projects.id = keys.project_id
  WHERE secrets.sha256 ${match} AND keys.deleted_at IS NULL AND projects.deleted_at IS NULL`;
}

export function serviceKeyQuery(match: string): string {
  return `SELECT secrets.sha256, service_keys.id, service_keys.name, service_keys.project_id, service_keys.scopes,
    service_keys.expires_at
  FROM service_key_secrets AS secrets
  JOIN service_keys ON service_keys.id = secrets.service_key_id
  LEFT JOIN projects ON projects.id = service_keys.project_id
  WHERE secrets.sha256 ${match} AND secrets.retired_at IS NULL AND service_keys.deleted_at IS NULL
    AND projects.deleted_at IS NULL`;
}

/**
 * One of the queries above for a list of hashes in PostgreSQL, `$1`. Each is looked up by itself: joined as a whole,
 * what PostgreSQL believes of tables that have just grown makes it read all keys for each of the hashes.
 */
export function queryEach(query: (match: string) => string): string {
  return `SELECT found.* FROM unnest($1::bytea[]) AS wanted (sha256)
  CROSS JOIN LATERAL (${query('= wanted.sha256')} OFFSET 0) AS found`;
}

export function channelQuery(id: string, slug: string): string {
  return `SELECT channels.id, channels.project_id, channels.slug, channels.upstream, channels.gateway
  FROM channels JOIN projects ON projects.id = channels.project_id
  WHERE (channels.id = ${id} OR channels.slug = ${slug}) AND channels.deleted_at IS NULL AND projects.deleted_at IS NULL`;
}

export const importsQuery = "SELECT 1 FROM ledger WHERE action = 'key.imported' LIMIT 1";

export function tailQuery(seq: string, limit: string): string {
  return `SELECT seq, action, project_id, subject_type, subject_id, hash FROM ledger WHERE seq > ${seq} ORDER BY seq LIMIT ${limit}`;
}

/** A key's quota, from its two columns. */
export function readQuota(row: {
  quota_limit: number | null;
  quota_period: string | null;
}): LoadedKey['quota'] {
  const { quota_limit: limit, quota_period: period } = row;
  return limit === null || period === null ? null : { limit, period: period as QuotaPeriod };
}

interface KeyRow {
  sha256: Buffer;
  retires_at: number | null;
  id: string;
  project_id: string;
  channel_id: string | null;
  owner_id: string | null;
  name: string;
  format: string;
  public_id: string | null;
  status: string;
  scopes: string;
  metadata: string;
  ip_allow: string;
  rate_limits: string;
  quota_limit: number | null;
  quota_period: string | null;
  expires_at: number | null;
}

export function fromKeyRow(value: unknown): LoadedKey {
  const row = value as KeyRow;
  return {
    hash: secretHashFrom(row.sha256),
    retiresAt: row.retires_at,
    id: row.id,
    projectId: row.project_id,
    channelId: row.channel_id,
    ownerId: row.owner_id,
    name: row.name,
    format: row.format === 'pair' ? 'pair' : 'token',
    publicId: row.public_id,
    status: statuses[row.status as LoadedKey['status']],
    scopes: parseScopes(row.scopes),
    metadata: row.metadata === '{}' ? noMetadata : JSON.parse(row.metadata),
    ipAllow: parseList(row.ip_allow),
    rateLimits: parseList(row.rate_limits),
    quota: readQuota(row),
    expiresAt: row.expires_at,
  };
}

/** One text for all keys, where the driver makes one for each: a verification then compares addresses. */
const statuses = { active: 'active', inactive: 'inactive', revoked: 'revoked' } as const;

/** Most keys have no scopes, addresses or metadata: they share one empty value instead of holding one each. */
const noItems: never[] = [];
const noMetadata = {};

function parseList<T>(json: string): T[] {
  return json === '[]' ? noItems : JSON.parse(json);
}

/** The same few lists of scopes are given to key after key. Frozen, since all that have it look at the one list. */
const sharedScopes = new Map<string, string[]>();
const maxShared = 1000;
const longestShared = 200;

function parseScopes(json: string): string[] {
  const known = sharedScopes.get(json);
  if (known !== undefined) return known;
  const scopes = parseList<string>(json);
  if (json.length <= longestShared && sharedScopes.size < maxShared)
    sharedScopes.set(json, Object.freeze(scopes) as string[]);
  return scopes;
}

export function fromServiceKeyRow(value: unknown): LoadedServiceKey {
  const row = value as Pick<KeyRow, 'sha256' | 'id' | 'name' | 'scopes' | 'expires_at'> & {
    project_id: string | null;
  };
  return {
    hash: secretHashFrom(row.sha256),
    id: row.id,
    name: row.name,
    projectId: row.project_id,
    scopes: JSON.parse(row.scopes),
    expiresAt: row.expires_at,
  };
}

export function fromChannelRow(value: unknown): LoadedChannel {
  const row = value as {
    id: string;
    project_id: string;
    slug: string;
    upstream: string | null;
    gateway: string | null;
  };
  const { id, project_id: projectId, slug, upstream } = row;
  return { id, projectId, slug, upstream, gateway: readChannelGateway(row.gateway) };
}

/** What a channel says of gateways, from its column: null is as a new channel has it. */
export function readChannelGateway(column: string | null): ChannelGateway {
  return column === null ? defaultChannelGateway : JSON.parse(column);
}

export function fromFollowedRow(value: unknown): FollowedRow {
  const row = value as {
    seq: number;
    action: string;
    project_id: string | null;
    subject_type: string;
    subject_id: string;
    hash: Buffer;
  };
  return {
    seq: row.seq,
    action: row.action,
    projectId: row.project_id,
    subjectType: row.subject_type,
    subjectId: row.subject_id,
    hash: row.hash,
  };
}
