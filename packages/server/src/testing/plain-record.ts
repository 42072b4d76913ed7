import { hashSecret } from '../keys/secret-format.ts';
import { VerificationRecord } from '../verification/verification-record.ts';
import type { LoadedKey } from '../verification/verification-store.ts';

/** The record of a key without any rules, `key_…` by this name. */
export function plainRecord(
  name: string,
  fields: Partial<Pick<LoadedKey, 'retiresAt' | 'expiresAt' | 'projectId'>> = {},
): VerificationRecord {
  const loaded: LoadedKey = {
    hash: hashSecret(name),
    retiresAt: null,
    id: `key_${name}`,
    projectId: 'prj_1',
    channelId: null,
    ownerId: null,
    name,
    format: 'token',
    publicId: null,
    status: 'active',
    scopes: [],
    metadata: {},
    ipAllow: [],
    rateLimits: [],
    quota: null,
    expiresAt: null,
    ...fields,
  };
  return new VerificationRecord(loaded, null, null);
}
