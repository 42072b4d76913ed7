import { type ErrorCode, errorTable, type Problem } from '@keywright/contract';
import { DomainError } from '../domain/error.ts';

interface ProblemOptions {
  publicUrl: string;
  /** The path of the request, without its query. */
  instance: string;
  requestId: string;
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
  { publicUrl, instance, requestId }: ProblemOptions,
): ProblemAnswer {
  const { code, detail, errors, ids } = error;
  const { status, title } = errorTable[code];
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

/** Whatever was thrown, as one of the contract's errors: what is not meant for the caller becomes `internal`. */
export function toDomainError(thrown: unknown): DomainError {
  return thrown instanceof DomainError ? thrown : new DomainError('internal', { cause: thrown });
}
