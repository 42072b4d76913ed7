import type { Verdict } from './verify.ts';

/**
 * The JSON text of a verification's answer, put together from the key's ready text.
 * @param requestId letters, digits and `._-` only
 */
export function writeAnswer(verdict: Verdict, requestId: string): string {
  const { code, key } = verdict;
  if (code === 'valid' && key !== null) {
    return `{"valid":true,"code":"valid","key":${key.json},"limits":${writeLimits(verdict)},"requestId":"${requestId}"}`;
  }
  if (key === null) return `{"valid":false,"code":"${code}","requestId":"${requestId}"}`;
  const refusal = `{"valid":false,"code":"${code}","key":${key.json}`;
  if (code !== 'rate_limited' && code !== 'quota_exceeded') return `${refusal},"requestId":"${requestId}"}`;
  return `${refusal},"limits":${writeLimits(verdict)},"retryAfterSeconds":${verdict.retryAfterSeconds},"requestId":"${requestId}"}`;
}

function writeLimits({ limits }: Verdict): string {
  return limits.length === 0 ? '[]' : JSON.stringify(limits);
}
