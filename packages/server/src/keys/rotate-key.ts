import type { Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { formatTime } from '../domain/time.ts';
import { type ChangedKey, changeKey } from './change-key.ts';
import { keySubject, lockKey, requireNotRevoked } from './lock-key.ts';
import { policyFor } from './policy-rules.ts';
import { displaySecret, generateSecret, hashSecret, type Secret } from './secret-format.ts';

/**
 * Gives a key a new secret, answered this once. The present one works on for the overlap; one that was already in its
 * overlap ends now.
 * @throws not_found, forbidden, key_revoked
 */
export async function rotateKey(
  context: Context,
  caller: Caller,
  keyId: string,
  overlapSeconds: number,
): Promise<ChangedKey & { secret: Secret }> {
  const { value: secret, ...changed } = await changeKey(context, caller, {
    keyId,
    async run(stores, now) {
      const { key, project } = await lockKey(stores, caller, keyId, now);
      requireNotRevoked(key);
      const channel = key.channelId === null ? null : await stores.channels.find(key.channelId);
      const secret = generateSecret(policyFor(project, channel).prefix);
      const retiresAt = now + overlapSeconds * 1000;
      const added = { hash: hashSecret(secret.reveal()), display: displaySecret(secret), createdAt: now };
      await stores.keys.addSecret(key.id, added, retiresAt, now);
      await stores.keys.update({ ...key, updatedAt: now });
      const detail = { overlapSeconds, previousRetiresAt: formatTime(retiresAt) };
      return { value: secret, entries: [{ action: 'key.rotated', ...keySubject(key), detail }] };
    },
  });
  return { ...changed, secret };
}
