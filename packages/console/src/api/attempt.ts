/** An Idempotency-Key: sent with every attempt at the same thing, so that an answer that is lost makes no second. */
export function newAttempt(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}
