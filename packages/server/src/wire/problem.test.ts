import { errorCodes, errorTable, problem } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { DomainError } from '../domain/error.ts';
import { buildProblem, toDomainError } from './problem.ts';

const options = { publicUrl: 'https://keys.example/api', instance: '/v1/keys', requestId: 'req_1' };

describe.each(errorCodes)('%s', (code) => {
  const { status, headers, body } = buildProblem(new DomainError(code), options);

  test('is the problem of its code, as the contract has it', () => {
    const parsed: unknown = JSON.parse(body);
    expect(problem.strict().parse(parsed)).toEqual(parsed);
    expect(parsed).toMatchObject({
      type: `https://keys.example/api/problems/${code}`,
      title: errorTable[code].title,
      status: errorTable[code].status,
      code,
      instance: '/v1/keys',
      requestId: 'req_1',
    });
    expect(status).toBe(errorTable[code].status);
    expect(headers['Content-Type']).toBe('application/problem+json');
  });

  test('has the headers of its status', () => {
    expect(headers['WWW-Authenticate']).toBe(status === 401 ? 'Bearer realm="keywright"' : undefined);
    expect(headers['Retry-After']).toBe(status === 503 ? '1' : undefined);
  });
});

test("an error's own headers, detail and faults are told", () => {
  const errors = [{ path: 'a', message: 'is required' }];
  const error = new DomainError('validation_failed', {
    detail: 'a is required.',
    errors,
    headers: { Allow: 'GET' },
  });
  const { headers, body } = buildProblem(error, options);

  expect(JSON.parse(body)).toMatchObject({ detail: 'a is required.', errors });
  expect(headers.Allow).toBe('GET');
});

test('what is none of our errors is internal, and nothing of it is told', () => {
  const error = toDomainError(new Error('password=hunter2 at /srv/app.js:1'));
  const { body } = buildProblem(error, options);

  expect(JSON.parse(body)).toMatchObject({ code: 'internal', detail: errorTable.internal.happened });
  expect(body).not.toContain('hunter2');
  expect(error.cause).toBeInstanceOf(Error);
});

test('one of our errors stays as it is, and its cause is not told', () => {
  const error = new DomainError('unavailable', { cause: new Error('hunter2') });

  expect(toDomainError(error)).toBe(error);
  expect(buildProblem(error, options).body).not.toContain('hunter2');
});
