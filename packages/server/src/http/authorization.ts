import type { IncomingMessage } from 'node:http';
import { DomainError } from '../domain/error.ts';

/**
 * The `Authorization` header. Node keeps the first of several and drops the others in silence; which of them a proxy
 * on the way has looked at is anybody's guess, so that more than one is no credential at all.
 * @throws unauthenticated for a header that is sent more than once
 */
export function readAuthorization({ headers, rawHeaders }: IncomingMessage): string | undefined {
  const value = headers.authorization;
  if (value !== undefined && countAuthorization(rawHeaders) > 1) {
    throw new DomainError('unauthenticated', {
      detail: 'The request has more than one Authorization header.',
    });
  }
  return value;
}

/** `headersDistinct` would answer this too, but it sorts all headers anew, which costs more than a verification. */
function countAuthorization(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length === 13 && name.toLowerCase() === 'authorization') count++;
  }
  return count;
}
