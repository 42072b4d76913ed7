import type { CreateKeyBody, createKeyBody } from '@keywright/contract';
import type { z } from 'zod';
import { api } from '../api/api.ts';
import type { CurrentProject } from '../shell/project.tsx';
import type { IssuedSecret } from './issued-secret.ts';
import { refreshKeys } from './key-queries.ts';
import { SecretDialog } from './late-secret-dialog.ts';

export type NewKey = z.input<typeof createKeyBody>;

/**
 * Makes a key. Sent under an Idempotency-Key, so that a request whose answer is lost makes no second one.
 * @param idempotencyKey the same for every attempt at the same key
 */
export async function createKey(
  projectId: string,
  body: NewKey,
  idempotencyKey: string,
): Promise<IssuedSecret> {
  await SecretDialog.load();
  const { key, secret } = await api('POST /v1/projects/{projectId}/keys', {
    params: { projectId },
    body,
    headers: { 'Idempotency-Key': idempotencyKey },
  });
  refreshKeys(projectId);
  return { key, secret, by: 'create' };
}

/**
 * Whom a new key is for when nothing else is said: the person itself, where it is a member, and nobody in a channel, whose
 * keys are for its users. What a member makes is its own without saying.
 */
export function defaultOwner(
  { me, project, canOperate }: CurrentProject,
  channelId: string | null,
): Pick<CreateKeyBody, 'ownerId'> {
  const isMember = me.projects.some(({ id }) => id === project.id);
  return canOperate && isMember && channelId === null ? { ownerId: me.id } : {};
}
