import { type ErrorCode, errorTable, type FieldError } from '@keywright/contract';

interface DomainErrorOptions {
  /** What the caller is told, beyond the title of the code. */
  detail?: string;
  errors?: FieldError[];
  cause?: unknown;
  /** What the error is about, by the names that the contract has for them: `keyId` … */
  ids?: Record<string, string>;
  /** Sent as response headers (`Allow`, `Retry-After`). */
  headers?: Record<string, string>;
}

/** A refusal or failure with one of the contract's codes. Its cause goes to the log only, never to the caller. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly errors: FieldError[] | undefined;
  readonly ids: Record<string, string> | undefined;
  readonly headers: Record<string, string> | undefined;

  constructor(code: ErrorCode, options: DomainErrorOptions = {}) {
    const detail = options.detail ?? errorTable[code].happened;
    super(`${code}: ${detail}`, { cause: options.cause });
    this.name = 'DomainError';
    this.code = code;
    this.detail = detail;
    this.errors = options.errors;
    this.ids = options.ids;
    this.headers = options.headers;
  }
}

/** Whether the database is away, or takes nothing for now: what failed may be tried again as it was. */
export function isOutage(error: unknown): error is DomainError {
  return error instanceof DomainError && error.code === 'unavailable';
}

/** Other changes came between what a change had read and what it then locked: it is to be made once more, as a whole. */
export class OvertakenError extends DomainError {
  constructor() {
    super('unavailable', { detail: 'Other changes of the same thing came in between. Nothing was changed.' });
    this.name = 'OvertakenError';
  }
}

/** A validation error that names one field. */
export function invalidField(path: string, message: string): DomainError {
  return new DomainError('validation_failed', { detail: `${path} ${message}.`, errors: [{ path, message }] });
}

/** The answer for what does not exist and for what the caller may not see: the two are not told apart. */
export function notFound(noun: string): DomainError {
  return new DomainError('not_found', { detail: `There is no such ${noun}, or you may not see it.` });
}
