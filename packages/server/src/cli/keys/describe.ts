import type { Key, KeyStatus } from '@keywright/contract';
import { formatMinute } from '../output/table.ts';
import type { Colour } from '../output/terminal.ts';

export function colourOf(status: KeyStatus): Colour {
  return ({ active: 'green', inactive: 'yellow', revoked: 'red', expired: 'gray' } as const)[status];
}

/** A key as fields for a person; what is not set is left out. */
export function describeKey(key: Key): [string, string][] {
  const fields: [string, string | null][] = [
    ['Key', key.id],
    ['Name', key.name],
    ['Status', key.status],
    ['Project', key.projectId],
    ['Channel', key.channelId],
    ['Owner', key.ownerId],
    ['Description', key.description],
    ['Shown as', key.display],
    ['Public id', key.publicId],
    ['Scopes', listed(key.scopes)],
    ['Metadata', Object.keys(key.metadata).length === 0 ? null : JSON.stringify(key.metadata)],
    [
      'Rate limits',
      listed(key.rateLimits.map((limit) => `${limit.name} ${limit.limit}/${limit.windowSeconds}s`)),
    ],
    ['Quota', key.quota === null ? null : `${key.quota.used} of ${key.quota.limit} (${key.quota.period})`],
    ['Addresses', listed(key.ipAllow)],
    ['Created', `${formatMinute(key.createdAt)} UTC by ${key.createdBy}`],
    ['Expires', moment(key.expiresAt)],
    ['Revoked', moment(key.revokedAt)],
    ['Reason', key.revokedReason],
    ['Last used', moment(key.lastUsedAt)],
    ['From', listed([key.lastUsedIp, key.lastUsedAgent].filter((part) => part !== null))],
    ['Old secret', key.rotation === null ? null : `works until ${formatMinute(key.rotation.endsAt)} UTC`],
  ];
  return fields.filter((field): field is [string, string] => field[1] !== null);
}

function listed(parts: readonly string[]): string | null {
  return parts.length === 0 ? null : parts.join(', ');
}

function moment(time: string | null): string | null {
  return time === null ? null : `${formatMinute(time)} UTC`;
}
