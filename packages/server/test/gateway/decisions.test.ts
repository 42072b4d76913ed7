import { expect, test } from 'vitest';
import { expectDenied } from './support/denied.ts';
import { bearer, behindEachProxy } from './support/guarded-api.ts';
import { expectIdentity, expectNoCredential } from './support/identity.ts';
import { valuesOf } from './support/send.ts';

const scopeRules = [
  { method: 'GET', path: '/private/*', scopes: ['private:read'] },
  { method: '*', path: '/*', scopes: [] },
];

behindEachProxy(
  (at) => {
    test('an allowed request passes with who asks, and without the key', async () => {
      const { key, secret } = await at.createKey({
        ownerId: 'customer-42',
        scopes: ['private:read', 'private:write'],
      });
      const answer = await at.send('/private/things?page=2', {
        headers: [bearer(secret), ['X-Other', 'stays']],
      });
      expect(answer.status, answer.text + at.proxy.logs()).toBe(200);
      const [received, ...more] = at.upstream.received;
      expect(more).toEqual([]);
      expect(received).toMatchObject({ method: 'GET', url: '/private/things?page=2' });
      expectIdentity(received, key);
      expectNoCredential(received, secret);
      if (received) expect(valuesOf(received, 'X-Other')).toEqual(['stays']);
      expect(answer.headers.get('x-request-id')).toMatch(/^req_[\w-]{20}$/);
      expect(answer.headers.get('x-api')).toBe('yes');
      // A key without limits has none to tell of.
      expect(answer.headers.get('ratelimit')).toBeUndefined();
    });

    test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
      '%s is what passes',
      async (method) => {
        const { key, secret } = await at.createKey();
        const answer = await at.send('/things', { method, headers: [bearer(secret)] });
        expect(answer.status).toBe(200);
        expect(at.upstream.received).toMatchObject([{ method, url: '/things' }]);
        expectIdentity(at.upstream.received[0], key);
      },
    );

    test('without a key: 401', async () => {
      expectDenied(at, await at.send('/things'), 401, 'malformed');
      expectDenied(
        at,
        await at.send('/things', { method: 'POST', body: Buffer.from('{}') }),
        401,
        'malformed',
      );
    });

    test('a dead key: 401, from the request on that comes after its revocation was answered', async () => {
      const { key, secret } = await at.createKey();
      const headers = [bearer(secret)];
      expect((await at.send('/things', { headers })).status).toBe(200);
      await at.admin.call('revokeKey', { params: { keyId: key.id }, body: {} });
      at.upstream.forget();
      expectDenied(at, await at.send('/things', { headers }), 401, 'revoked');
    });

    test('a key of another channel, without the scope, or from elsewhere: 403', async () => {
      const { projectId } = at.channel;
      const body = { slug: `other-${at.proxy.name}`, name: 'Other' };
      const other = await at.admin.call('createChannel', { params: { projectId }, body });
      const elsewhere = await at.createKey({ channelId: other.id });
      expectDenied(
        at,
        await at.send('/things', { headers: [bearer(elsewhere.secret)] }),
        403,
        'wrong_channel',
      );

      const { secret } = await at.createKey({ scopes: ['private:write'] });
      const closed = await at.send('/private/things', { headers: [bearer(secret)] });
      expectDenied(at, closed, 403, 'insufficient_scope');

      const bound = await at.createKey({ ipAllow: ['127.0.0.5'] });
      const headers = [bearer(bound.secret)];
      expectDenied(at, await at.send('/things', { headers }), 403, 'ip_denied');
      expect((await at.send('/things', { headers, from: '127.0.0.5' })).status).toBe(200);
    });

    test('a key that is used up: 429 with how long to wait', async () => {
      const { secret } = await at.createKey({ rateLimits: [{ name: 'burst', limit: 2, windowSeconds: 60 }] });
      const headers = [bearer(secret)];
      const first = await at.send('/things', { headers });
      expect(first.status).toBe(200);
      expect(first.headers.get('ratelimit-policy')).toBe('"burst";q=2;w=60');
      expect(first.headers.get('ratelimit')).toMatch(/^"burst";r=1;t=\d+$/);
      // One request uses one unit up: the proxy has asked once.
      expect((await at.send('/things', { headers })).headers.get('ratelimit')).toMatch(/^"burst";r=0;t=\d+$/);
      at.upstream.forget();
      const last = await at.send('/things', { headers });
      expectDenied(at, last, 429, 'rate_limited');
      expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(last.headers.get('ratelimit')).toMatch(/^"burst";r=0;t=\d+$/);

      const quota = await at.createKey({ quota: { limit: 1, period: 'total' } });
      expect((await at.send('/things', { headers: [bearer(quota.secret)] })).status).toBe(200);
      at.upstream.forget();
      expectDenied(at, await at.send('/things', { headers: [bearer(quota.secret)] }), 429, 'quota_exceeded');
    });

    test.each([400, 401, 403, 404, 429, 500, 503])(
      "the API's own %i is passed on as it is",
      async (status) => {
        const { key, secret } = await at.createKey();
        const answer = await at.send(`/status/${status}`, { headers: [bearer(secret)] });
        expect(answer.status).toBe(status);
        expect(answer.headers.get('x-api')).toBe('yes');
        expect(answer.headers.get('x-keywright-code')).toBeUndefined();
        expect(JSON.parse(answer.text)).toMatchObject({ url: `/status/${status}` });
        expectIdentity(at.upstream.received[0], key);
      },
    );
  },
  { channel: { gateway: { scopeRules } } },
);
