import { endpoints, type VerifyBody } from '@keywright/contract';
import { requireVerify, type ServiceKeyCaller } from '../../../domain/caller.ts';
import { DomainError } from '../../../domain/error.ts';
import { writeAnswer } from '../../../verification/answer.ts';
import type { Verdict, Verifier } from '../../../verification/verify.ts';
import { rawRoute } from '../../route.ts';

export const verifyBatchRoute = rawRoute(
  endpoints.verifyBatch,
  async ({ caller, body, requestId }, _c, { verifier, metrics }) => {
    requireVerify(caller);
    const verdicts = await verifyAll(verifier, body.requests, { caller, requestId });
    for (const { code } of verdicts) metrics.countVerification(code);
    // Each answer is written by the one function that writes a single one's, so that the two cannot differ.
    const results = verdicts.map((verdict, index) => writeAnswer(verdict, partId(requestId, index)));
    return new Response(`{"results":[${results.join(',')}]}`, {
      headers: { 'Content-Type': 'application/json' },
    });
  },
);

/** All of them at once, in the order in which they were asked: those that miss the memory then share one query. */
async function verifyAll(
  verifier: Verifier,
  requests: VerifyBody[],
  { caller, requestId }: { caller: ServiceKeyCaller; requestId: string },
): Promise<Verdict[]> {
  const outcomes = await Promise.allSettled(
    requests.map(async (request, index) =>
      verifier.verify(request, caller, { requestId: partId(requestId, index), door: 'verify' }),
    ),
  );
  const failures = outcomes.flatMap((outcome, index) =>
    outcome.status === 'rejected' ? [{ index, reason: outcome.reason as unknown }] : [],
  );
  if (failures.length > 0) throw mergeFailures(failures);
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

/** The id of one request of a batch. */
function partId(requestId: string, index: number): string {
  return `${requestId}.${index}`;
}

/** What is wrong with requests names each by its place; a failure of ours outranks that. */
function mergeFailures(failures: { index: number; reason: unknown }[]): unknown {
  const ours = failures.find(
    ({ reason }) => !(reason instanceof DomainError && reason.code === 'validation_failed'),
  );
  if (ours) return ours.reason;
  const errors = failures.flatMap(({ index, reason }) => {
    const faults = reason instanceof DomainError ? (reason.errors ?? []) : [];
    return faults.map(({ path, message }) => ({ path: `requests.${index}.${path}`, message }));
  });
  const [first] = errors;
  return new DomainError('validation_failed', {
    ...(first && { detail: `${first.path} ${first.message}.` }),
    errors,
  });
}
