import { secretHashBytes } from '../keys/secret-format.ts';
import type { UsageSubject } from '../usage/usage-store.ts';

/** What a meter is found by. */
export function subjectBytes(subject: UsageSubject): Buffer {
  if (subject.type === 'secret') return secretHashBytes(subject.hash);
  return projectSubject(subject.projectId, subject.isFormer);
}

/** Text of 32 bytes, as the hash of a secret has; whoever knew a secret with that hash would have broken SHA-256. */
export function projectSubject(projectId: string, isFormer: boolean): Buffer {
  return Buffer.from(`${projectId}:${isFormer ? 'f' : 'c'}`);
}
