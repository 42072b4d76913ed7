import { expect } from 'vitest';
import type { GuardedApi } from './guarded-api.ts';
import type { Answer } from './send.ts';

/** The client must have been told why not, and the API must have got nothing. */
export function expectDenied(at: GuardedApi, answer: Answer, status: number, code: string): void {
  const { headers } = answer;
  const seen = { status: answer.status, code: headers.get('x-keywright-code') };
  expect(seen, `${answer.text}\n${at.proxy.logs()}`).toEqual({ status, code });
  expect(at.upstream.received).toEqual([]);
  expect(headers.get('x-api')).toBeUndefined();
  expect(headers.get('x-keywright-status')).toBeUndefined();
  const requestId = headers.get('x-request-id');
  expect(requestId).toMatch(/^req_[\w-]{20}$/);
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(JSON.parse(answer.text)).toMatchObject({ type: 'about:blank', status, code, requestId });
  if (status === 401)
    expect(headers.get('www-authenticate')).toMatch(/^Bearer realm="orders"[^,]*(, error="\w+")?$/);
  else expect(headers.get('www-authenticate')).toBeUndefined();
}

/** What a client gets where nobody could decide. */
export function expectUndecided(at: Pick<GuardedApi, 'upstream' | 'proxy'>, answer: Answer): void {
  expect(answer.status, `${answer.text}\n${at.proxy.logs()}`).toBe(503);
  expect(at.upstream.received).toEqual([]);
  expect(answer.headers.get('x-api')).toBeUndefined();
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(JSON.parse(answer.text)).toMatchObject({ status: 503 });
}
