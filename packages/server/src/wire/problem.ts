import { type ErrorCode, errorTable, type Problem } from '@keywright/contract';
import { DomainError } from '../domain/error.ts';
import type { DescribeFault } from './protocol-fault.ts';
import { newRequestId, readRequestId } from './request-id.ts';
import { readTarget } from './request-target.ts';

interface ProblemOptions {
  publicUrl: string;
  /** The path of the request, without its query. */
  instance: string;
  requestId: string;
  /** Where HTTP has a status for it that says more than the one of the code. */
  status?: number;
}

/** An error as it goes over the wire. */
export interface ProblemAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** The error as problem+json (RFC 9457). Its cause stays here. */
export function buildProblem(
  error: DomainError,
  { publicUrl, instance, requestId, status = errorTable[error.code].status }: ProblemOptions,
): ProblemAnswer {
  const { code, detail, errors, ids } = error;
  const { title } = errorTable[code];
  const problem: Problem = {
    type: `${publicUrl}/problems/${code}`,
    title,
    status,
    detail,
    instance,
    code,
    requestId,
    ...(errors && { errors }),
    ...ids,
  };
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headersOf[code], ...error.headers },
    body: JSON.stringify(problem),
  };
}

const headersOf: Partial<Record<ErrorCode, Record<string, string>>> = {
  unauthenticated: { 'WWW-Authenticate': 'Bearer realm="keywright"' },
  unavailable: { 'Retry-After': '1' },
};

/** Tells of faults of HTTP itself with the codes of the contract. */
export function createFaultDescriber({ publicUrl }: { publicUrl(): string }): DescribeFault {
  return ({ status, detail }, incoming) => {
    const isMethod = status === 405;
    const error = new DomainError(isMethod ? 'method_not_allowed' : 'validation_failed', {
      detail,
      // A tunnel leads to no address of ours, and so to none that would take another method.
      ...(isMethod && { headers: { Allow: '' } }),
    });
    const requestId = incoming === null ? newRequestId() : readRequestId(incoming);
    const instance = readTarget(incoming?.url ?? '').path;
    const { headers, body } = buildProblem(error, { publicUrl: publicUrl(), instance, requestId, status });
    return { requestId, headers, body };
  };
}

/** Whatever was thrown, as one of the contract's errors: what is not meant for the caller becomes `internal`. */
export function toDomainError(thrown: unknown): DomainError {
  return thrown instanceof DomainError ? thrown : new DomainError('internal', { cause: thrown });
}
