import type { ServiceKey } from '@keywright/contract';
import { formatMinute } from '../output/table.ts';

/** A service key as fields for a person. */
export function describeServiceKey(serviceKey: ServiceKey): [string, string][] {
  const { id, name, projectId, scopes, expiresAt } = serviceKey;
  return [
    ['Service key', id],
    ['Name', name],
    ['For', projectId ?? 'the instance'],
    ['Scopes', scopes.join(', ')],
    ['Expires', expiresAt === null ? 'never' : `${formatMinute(expiresAt)} UTC`],
  ];
}
