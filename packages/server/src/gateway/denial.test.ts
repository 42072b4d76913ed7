import { defaultChannelGateway } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import type { Denial } from './admission.ts';
import { describeDenial } from './denial.ts';

const channel = {
  id: 'chn_1',
  projectId: 'prj_1',
  slug: 'orders',
  upstream: null,
  gateway: defaultChannelGateway,
};

function describeIt(denial: Partial<Denial>) {
  const whole = {
    outcome: 'denied',
    channel,
    status: 401,
    reason: 'revoked',
    code: 'revoked',
    detail: 'This key was revoked.',
    headers: { 'WWW-Authenticate': 'Bearer realm="orders"' },
    ...denial,
  } satisfies Denial;
  const { headers, body } = describeDenial(whole, { requestId: 'req_1' });
  return { headers, problem: JSON.parse(body) as Record<string, unknown> };
}

describe('a denial', () => {
  test('is a small problem, and names its code in a header too', () => {
    expect(describeIt({})).toEqual({
      headers: {
        'Content-Type': 'application/problem+json',
        'WWW-Authenticate': 'Bearer realm="orders"',
        'X-Keywright-Code': 'revoked',
      },
      problem: {
        type: 'about:blank',
        title: 'Unauthorized',
        status: 401,
        detail: 'This key was revoked.',
        code: 'revoked',
        requestId: 'req_1',
      },
    });
  });

  test('that is not explained names none', () => {
    const { headers, problem } = describeIt({ code: null });
    expect(Object.keys(headers)).not.toContain('X-Keywright-Code');
    expect(Object.keys(problem)).not.toContain('code');
    expect(JSON.stringify([headers, problem.title])).not.toContain('revoked');
  });

  test.each([
    [400, 'Bad Request'],
    [401, 'Unauthorized'],
    [403, 'Forbidden'],
    [429, 'Too Many Requests'],
  ] as const)('with %s is called %s', (status, title) => {
    expect(describeIt({ status }).problem).toMatchObject({ status, title });
  });
});
