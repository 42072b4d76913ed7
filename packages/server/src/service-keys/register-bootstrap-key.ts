import { serviceKeyScopes } from '@keywright/contract';
import { systemCaller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { newId } from '../domain/id.ts';
import { displaySecret, hashSecret, type Secret } from '../keys/secret-format.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import { serviceKeySubject } from './service-key-rules.ts';
import type { StoredServiceKey } from './service-key-store.ts';

export type BootstrapOutcome = 'registered' | 'unchanged' | 'not_brought_back';

/**
 * Registers the secret from the configuration as an instance-wide service key with every scope. A changed secret
 * revokes the one that was registered before; one that was deleted or rotated away is not brought back.
 */
export async function registerBootstrapKey(context: Context, secret: Secret): Promise<BootstrapOutcome> {
  const { value, seq } = await context.change<BootstrapOutcome>(systemCaller, async (stores, now) => {
    const hash = hashSecret(secret.reveal());
    const knownAs = await stores.serviceKeys.ownerOfSecret(hash);
    const entries: LedgerEntry[] = [];
    for (const former of await stores.serviceKeys.listBootstrap()) {
      // The configuration may still hold the secret that this very key had before it was rotated.
      if (former.id === knownAs) continue;
      await stores.serviceKeys.delete(former.id, now);
      entries.push({
        action: 'service_key.deleted',
        ...serviceKeySubject(former),
        detail: { reason: 'bootstrap_changed' },
      });
    }
    if (knownAs !== null) {
      const isLive = (await stores.serviceKeys.findBySecret(hash)) !== null;
      return { value: isLive ? 'unchanged' : 'not_brought_back', entries };
    }
    const serviceKey: StoredServiceKey = {
      id: newId('serviceKey', now),
      name: 'Bootstrap',
      projectId: null,
      scopes: [...serviceKeyScopes],
      display: displaySecret(secret),
      createdAt: now,
      createdBy: systemCaller.id,
      lastUsedAt: null,
      expiresAt: null,
      bootstrap: true,
    };
    await stores.serviceKeys.insert(serviceKey, hash);
    const detail = { scopes: serviceKey.scopes, bootstrap: true };
    entries.push({ action: 'service_key.created', ...serviceKeySubject(serviceKey), detail });
    return { value: 'registered', entries };
  });
  await context.barrier(seq);
  return value;
}
