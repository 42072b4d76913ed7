import type { UsageCode } from '../usage/usage-store.ts';

/** A verification's code as it is stored. A number stays with its code for ever. */
export const codeNumbers: Readonly<Record<UsageCode, number>> = {
  valid: 0,
  malformed: 1,
  not_found: 2,
  revoked: 3,
  inactive: 4,
  expired: 5,
  wrong_channel: 6,
  ip_denied: 7,
  insufficient_scope: 8,
  rate_limited: 9,
  quota_exceeded: 10,
};

const codes = new Map(Object.entries(codeNumbers).map(([code, number]) => [number, code as UsageCode]));

/** The code of a number. @throws for one that a newer program may have written */
export function codeOfNumber(number: number): UsageCode {
  const code = codes.get(number);
  if (code === undefined) throw new Error(`no code has the number ${number}`);
  return code;
}
