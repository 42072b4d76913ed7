import type { RefusalCode } from '@keywright/contract';

export type RefusedCode = RefusalCode;

/** Written out: this is read with the routes, before any page. In the order in which they are decided. */
export const refusedCodes: readonly RefusedCode[] = [
  'malformed',
  'not_found',
  'revoked',
  'inactive',
  'expired',
  'wrong_channel',
  'ip_denied',
  'insufficient_scope',
  'rate_limited',
  'quota_exceeded',
];

export function refusedCode(value: unknown): RefusedCode | undefined {
  return refusedCodes.find((code) => code === value);
}
