import type { Caller } from '../domain/caller.ts';
import { DomainError } from '../domain/error.ts';

const maxAgeSeconds = 600;

/**
 * Refuses an account that did not prove its password lately: a session that somebody left open, or stole, is not to make
 * what outlives it. The answer says so as RFC 9470 has it.
 * @throws unauthenticated
 */
export function requireRecentProof(caller: Caller, now: number): void {
  // A proof from well ahead was given by a wrong clock, and would count as recent until then.
  if (caller.type !== 'account' || Math.abs(now - caller.authenticatedAt) <= maxAgeSeconds * 1000) return;
  throw insufficientProof(
    'Prove your password anew for this (POST /api/auth/reauthenticate), then send the request again.',
    'prove the password anew',
  );
}

/** @param description the same as `detail`, in words that fit into a header */
export function insufficientProof(detail: string, description: string): DomainError {
  return new DomainError('unauthenticated', {
    detail,
    headers: {
      'WWW-Authenticate': `Bearer error="insufficient_user_authentication", error_description="${description}", max_age=${maxAgeSeconds}`,
    },
  });
}
