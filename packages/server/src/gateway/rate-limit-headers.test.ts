import { describe, expect, test } from 'vitest';
import type { LimitedKey } from '../verification/limiter.ts';
import type { VerificationRecord } from '../verification/verification-record.ts';
import type { Verdict } from '../verification/verify.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';

function verdict(limits: Verdict['limits'], limited: Partial<LimitedKey> | null): Verdict {
  const own =
    limited === null ? null : { id: 'key_1', projectId: 'prj_1', rateLimits: [], quota: null, ...limited };
  const key = { limits: own } as VerificationRecord;
  return { code: 'valid', key, limits, retryAfterSeconds: null };
}

const minute = { name: 'per-minute', limit: 100, windowSeconds: 60 };
const burst = { name: 'burst.v2_x', limit: 5, windowSeconds: 1 };

describe('how limits stand', () => {
  test('of several windows, in their order', () => {
    const limits = [
      { name: 'per-minute', limit: 100, remaining: 99, resetSeconds: 60 },
      { name: 'burst.v2_x', limit: 5, remaining: 0, resetSeconds: 1 },
    ];
    expect(rateLimitHeaders(verdict(limits, { rateLimits: [minute, burst] }))).toEqual({
      'RateLimit-Policy': '"per-minute";q=100;w=60, "burst.v2_x";q=5;w=1',
      RateLimit: '"per-minute";r=99;t=60, "burst.v2_x";r=0;t=1',
    });
  });

  test.each([
    ['day', 3600, '"quota";q=10;w=86400', '"quota";r=4;t=3600'],
    ['month', 86_400, '"quota";q=10', '"quota";r=4;t=86400'],
    ['total', null, '"quota";q=10', '"quota";r=4'],
  ] as const)('of a quota by %s', (period, resetSeconds, policy, state) => {
    const limits = [{ name: 'quota', limit: 10, remaining: 4, resetSeconds }];
    expect(rateLimitHeaders(verdict(limits, { quota: { limit: 10, period } }))).toEqual({
      'RateLimit-Policy': policy,
      RateLimit: state,
    });
  });

  test('are not told of a key without any, or where they were not asked', () => {
    expect(rateLimitHeaders(verdict([], null))).toEqual({});
    expect(rateLimitHeaders(verdict([], { rateLimits: [minute] }))).toEqual({});
    expect(rateLimitHeaders({ code: 'not_found', key: null, limits: [], retryAfterSeconds: null })).toEqual(
      {},
    );
  });
});
