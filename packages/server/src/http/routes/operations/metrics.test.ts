import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { checkAccess } from './metrics.ts';

function request(remoteAddress: string, headers: Record<string, string> = {}): IncomingMessage {
  const rawHeaders = Object.entries(headers).flat();
  return { socket: { remoteAddress }, headers, rawHeaders } as unknown as IncomingMessage;
}

const token = 'metrics-token';
const bearer = (value: string) => ({ authorization: `Bearer ${value}` });
const refusal = (incoming: IncomingMessage, configured: string | null) => {
  try {
    checkAccess(incoming, configured);
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('callers on this machine', () => {
  test.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])('%s gets in', (address) => {
    expect(refusal(request(address), null)).toBeNull();
    expect(refusal(request(address), token)).toBeNull();
  });

  test.each(['x-forwarded-for', 'forwarded', 'x-real-ip'])('not for somebody else (%s)', (name) => {
    expect(refusal(request('127.0.0.1', { [name]: '127.0.0.1' }), null)).toBe('forbidden');
    expect(refusal(request('127.0.0.1', { [name]: '127.0.0.1' }), token)).toBe('unauthenticated');
  });
});

describe('callers from elsewhere', () => {
  test.each(['10.0.0.1', '2001:db8::1', '::ffff:10.0.0.1', '128.0.0.1'])(
    '%s does not get in without the token',
    (address) => {
      expect(refusal(request(address), null)).toBe('forbidden');
      expect(refusal(request(address), token)).toBe('unauthenticated');
      expect(refusal(request(address, bearer('wrong')), token)).toBe('unauthenticated');
      expect(refusal(request(address, bearer('')), token)).toBe('unauthenticated');
      expect(refusal(request(address, { authorization: token }), token)).toBe('unauthenticated');
      expect(refusal(request(address, bearer(token)), token)).toBeNull();
    },
  );

  test('the token opens it through a proxy as well', () => {
    expect(
      refusal(request('127.0.0.1', { ...bearer(token), 'x-forwarded-for': '10.0.0.1' }), token),
    ).toBeNull();
  });
});
