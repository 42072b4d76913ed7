import type { Verdict } from './verify.ts';

/**
 * The JSON text of a verification's answer, put together from the key's ready text.
 * @param requestId letters, digits and `._-` only
 */
export function writeAnswer({ code, key }: Verdict, requestId: string): string {
  if (code === 'valid' && key !== null) {
    return `{"valid":true,"code":"valid","key":${key.json},"limits":[],"requestId":"${requestId}"}`;
  }
  if (key === null) return `{"valid":false,"code":"${code}","requestId":"${requestId}"}`;
  return `{"valid":false,"code":"${code}","key":${key.json},"requestId":"${requestId}"}`;
}
