import { z } from 'zod';

const hex = /^[0-9a-fA-F]{64}$/;
/** 32 bytes; the last character has two bits that belong to no byte, and they are zero. */
const base64 = /^(?:[A-Za-z0-9+/]{42}|[A-Za-z0-9_-]{42})[AEIMQUYcgkosw048]=?$/;

/** The SHA-256 of a secret, in hex or base64 (also in the alphabet for URLs, or without padding); read into lower-case hex. */
export const secretSha256 = z
  .string()
  .refine((value) => hex.test(value) || base64.test(value), {
    error: 'must be a SHA-256, 32 bytes in hex or base64',
    abort: true,
  })
  .transform((value) => (hex.test(value) ? value.toLowerCase() : base64ToHex(value)))
  .meta({ description: 'SHA-256 of the secret: 64 hex digits, or base64' });

function base64ToHex(value: string): string {
  const bytes = atob(value.replaceAll('-', '+').replaceAll('_', '/'));
  return Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}
