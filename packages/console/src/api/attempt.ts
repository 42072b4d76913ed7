import { ApiError } from './api-error.ts';

/** An Idempotency-Key: sent with every attempt at the same thing, so that an answer that is lost makes no second. */
export function newAttempt(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}

/**
 * What to send the next time under, after a failure. What comes after a no is another request. But where no answer came,
 * or one that tells nothing of what was done (a proxy gave up waiting, the first is still under way), it is the same.
 */
export function attemptAfter(error: unknown, attempt: string): string {
  const isRefused = error instanceof ApiError && error.status < 500 && error.code !== 'idempotency_conflict';
  return isRefused ? newAttempt() : attempt;
}

/** Whether it was done by an attempt before, with a secret in an answer that nobody got. */
export function wasAnswerLost(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'idempotency_replayed';
}
