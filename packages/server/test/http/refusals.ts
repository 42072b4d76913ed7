import type { Endpoint, EndpointName, Problem } from '@keywright/contract';
import { expect } from 'vitest';
import { type Answer, readProblem } from '../support/client.ts';
import type { Installation } from '../support/installation.ts';
import { type EndpointCase, endpointCases, type ReadyRequest } from './endpoint-cases.ts';

/** A request to an endpoint that succeeds, in a project of its own. */
export async function prepareRequest(
  at: Installation,
  name: EndpointName,
): Promise<ReadyRequest<EndpointName> & { projectId: string }> {
  const { prepare } = endpointCases[name] as EndpointCase<EndpointName>;
  const { id: projectId } = await at.createProject();
  return { ...(await prepare(at, projectId)), projectId };
}

/** A refusal with this status and the code that belongs to it. */
export function expectRefused(answer: Answer, status: 400 | 413 | 415, what: string): Problem {
  const code = { 400: 'validation_failed', 413: 'payload_too_large', 415: 'unsupported_media_type' }[status];
  expect(answer.status, `${what} → ${answer.text.slice(0, 300)}`).toBe(status);
  const problem = readProblem(answer);
  expect(problem.code, what).toBe(code);
  return problem;
}

/** The endpoint's success, or one of its refusals, in their full form. */
export function expectSane(endpoint: Endpoint, answer: Answer, what: string): void {
  if (answer.status === endpoint.status) return;
  expect(answer.status, `${what} → ${answer.text.slice(0, 300)}`).toBeLessThan(500);
  readProblem(answer);
}

/** Nothing that is refused may leave a row in the ledger, nor, with it, have changed anything. */
export async function expectNoTrace(at: Installation, run: () => Promise<void>): Promise<void> {
  const before = await at.ledgerHead();
  await run();
  expect(await at.ledgerSince(before)).toEqual([]);
}

/** After a storm: ready, with no error in the log, and doing its work. */
export async function expectUnharmed(at: Installation): Promise<void> {
  const ready = await at.as(null).request('GET', '/readyz');
  expect([ready.status, ready.json]).toMatchObject([200, { ready: true }]);
  expect(at.errorLines()).toEqual([]);
  const { id } = await at.createProject();
  const { key, secret } = await at.createKey(id);
  // Before it is used: a use is written within a second, sooner than a busy machine may ask.
  expect((await at.admin.call('listKeys', { params: { projectId: id } })).items).toEqual([key]);
  expect(await at.admin.call('verify', { body: { key: secret } })).toMatchObject({ valid: true });
}
