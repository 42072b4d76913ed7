import type { Propagation, ServiceKey } from '@keywright/contract';
import { requireRecentProof } from '../accounts/recent-proof.ts';
import type { Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { displaySecret, generateSecret, hashSecret, type Secret } from '../keys/secret-format.ts';
import { lockServiceKey, serviceKeyPrefix, serviceKeySubject, viewServiceKey } from './service-key-rules.ts';

/**
 * Gives a service key a new secret, answered this once. The old one is dead on every node when this returns.
 * @throws not_found, forbidden, unauthenticated for an account that did not prove its password lately
 */
export async function rotateServiceKey(
  context: Context,
  caller: Caller,
  id: string,
): Promise<{ serviceKey: ServiceKey; secret: Secret; propagation: Propagation }> {
  const { value, seq } = await context.change(caller, async (stores, now) => {
    const serviceKey = await lockServiceKey(stores, caller, id);
    requireRecentProof(caller, now);
    const secret = generateSecret(serviceKeyPrefix);
    const display = displaySecret(secret);
    await stores.serviceKeys.replaceSecret(id, hashSecret(secret.reveal()), display, now);
    const rotated = { ...serviceKey, display };
    const entry = { action: 'service_key.rotated' as const, ...serviceKeySubject(rotated) };
    return { value: { serviceKey: viewServiceKey(rotated), secret }, entries: [entry] };
  });
  return { ...value, propagation: await context.barrier(seq) };
}
