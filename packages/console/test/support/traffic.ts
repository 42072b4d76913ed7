import type { BodyOf } from '../../../server/test/support/client.ts';
import type { Installation } from './installation.ts';

type Question = BodyOf<'verify'>;

/** Asks whether keys may pass, one question after the other. @returns the code of each answer, and its request id */
export async function ask(
  at: Installation,
  questions: readonly Question[],
): Promise<{ code: string; requestId: string }[]> {
  const { results } = await at.admin.call('verifyBatch', { body: { requests: [...questions] } });
  return results.map(({ code, requestId }) => ({ code, requestId }));
}

/** Waits until what was asked is counted: usage is written about once in a second. */
export async function untilCounted(at: Installation, keyId: string, count: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const { buckets } = await at.admin.call('getKeyUsage', { params: { keyId } });
    if (buckets.reduce((sum, bucket) => sum + bucket.count, 0) >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${keyId} was not counted ${count} times.`);
}
