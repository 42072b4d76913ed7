import type { FieldError } from '@keywright/contract';
import { type AnswerOf, type Api, RefusedError } from '../connection/api.ts';
import type { Candidate } from './import-records.ts';

/**
 * What speaks against a record whose hash the server knows: nothing when a key of the project has it as its secret, and
 * that key is active. A dead one must not pass for imported.
 * @param errors what the server said, for where it does not tell whose hash it is
 */
export async function explainKnown(
  api: Api,
  projectId: string,
  { value }: Candidate,
  errors: FieldError[],
): Promise<FieldError[]> {
  const found = await identify(api, value.sha256);
  if (found === null) return errors;
  const fault = findFault(found, projectId);
  // Its name is taken too: by itself.
  return fault === null ? [] : [{ path: 'sha256', message: fault }];
}

/** @returns null when this caller may not read keys, or not this one */
async function identify(api: Api, sha256: string): Promise<AnswerOf<'identifyKey'> | null> {
  try {
    return await api.call('identifyKey', { body: { sha256 } });
  } catch (error) {
    if (error instanceof RefusedError && ['forbidden', 'not_found'].includes(error.problem.code)) return null;
    throw error;
  }
}

function findFault({ key, secret }: AnswerOf<'identifyKey'>, projectId: string): string | null {
  if (key.projectId !== projectId) return `is of ${key.id}, a key of another project`;
  if (secret !== 'current') return `is of a former secret of ${key.id}, which was rotated`;
  return key.status === 'active' ? null : `is of ${key.id}, which is ${key.status}`;
}
