import type { Loss, Step } from '../../ledger/losses.ts';
import { type Api, RefusedError } from '../connection/api.ts';

export interface Reapplied {
  loss: Loss;
  /** Why it could not be done again, as a sentence; null when it was, or when there was nothing left to do it to. */
  failure: string | null;
}

/**
 * Takes away once more what an older database gives back, in the order in which it happened, by the routes that every
 * caller has.
 * @throws what is no refusal: the server does not answer, say
 */
export async function reapply(api: Api, losses: readonly Loss[]): Promise<Reapplied[]> {
  const outcomes: Reapplied[] = [];
  for (const loss of losses) outcomes.push({ loss, failure: await repeat(api, loss) });
  return outcomes;
}

async function repeat(api: Api, { steps }: Loss): Promise<string | null> {
  for (const step of steps) {
    try {
      await take(api, step);
    } catch (error) {
      if (!(error instanceof RefusedError) || isOutage(error)) throw error;
      if (!isMoot(error)) return error.message;
    }
  }
  return null;
}

function take(api: Api, { name, params, query, body }: Step): Promise<unknown> {
  // Which body belongs to which endpoint is known where the step was made.
  return api.call(name as 'updateKey', { params, ...(query && { query }), ...(body && { body }) });
}

/** The copy does not have it, or has it dead already. */
function isMoot({ problem: { code } }: RefusedError): boolean {
  return code === 'not_found' || code === 'key_revoked';
}

function isOutage({ problem: { status } }: RefusedError): boolean {
  return status >= 500 || status === 401 || status === 403;
}
