import type { CreateServiceKeyBody, ServiceKey } from '@keywright/contract';
import { requireRecentProof } from '../accounts/recent-proof.ts';
import { authorize, type Caller, requireInstance } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { invalidField, notFound } from '../domain/error.ts';
import { newId } from '../domain/id.ts';
import { formatTime } from '../domain/time.ts';
import { displaySecret, generateSecret, hashSecret, type Secret } from '../keys/secret-format.ts';
import { serviceKeyPrefix, serviceKeySubject, viewServiceKey } from './service-key-rules.ts';
import type { StoredServiceKey } from './service-key-store.ts';

/**
 * Makes a service key for a project, or for the instance when `projectId` is null. Its secret is answered this once.
 * @throws not_found, forbidden, unauthenticated for an account that did not prove its password lately, validation_failed for an expiry in the past
 */
export async function createServiceKey(
  context: Context,
  caller: Caller,
  input: CreateServiceKeyBody,
): Promise<{ serviceKey: ServiceKey; secret: Secret }> {
  const { projectId } = input;
  if (projectId === null) requireInstance(caller);
  else authorize(caller, 'project:write', projectId, 'project');
  requireRecentProof(caller, context.clock.now());
  const { value } = await context.change(caller, async (stores, now) => {
    if (projectId !== null && (await stores.projects.lock(projectId, 'share')) === null)
      throw notFound('project');
    const expiresAt = input.expiresAt ?? null;
    if (expiresAt !== null && expiresAt <= now) throw invalidField('expiresAt', 'must be in the future');
    const secret = generateSecret(serviceKeyPrefix);
    const serviceKey: StoredServiceKey = {
      id: newId('serviceKey', now),
      name: input.name,
      projectId,
      scopes: input.scopes,
      display: displaySecret(secret),
      createdAt: now,
      createdBy: caller.id,
      lastUsedAt: null,
      expiresAt,
      bootstrap: false,
    };
    await stores.serviceKeys.insert(serviceKey, hashSecret(secret.reveal()));
    const detail = { scopes: serviceKey.scopes, expiresAt: formatTime(expiresAt) };
    const entry = { action: 'service_key.created' as const, ...serviceKeySubject(serviceKey), detail };
    return { value: { serviceKey: viewServiceKey(serviceKey), secret }, entries: [entry] };
  });
  return value;
}
