// The built-in gateway from outside: which requests reach the API behind it, and as what.
import { createHash, randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { client } from '../support/client.ts';
import { onOneEngine } from '../support/installation.ts';
import { head, sendRaw } from '../support/raw-connection.ts';
import { type Received, startUpstream, type Upstream, valuesOf } from './support/upstream.ts';

onOneEngine(
  (at) => {
    let upstream: Upstream;
    beforeAll(async () => {
      upstream = await startUpstream();
    });

    const gateway = () => client(at.service.gatewayUrl, null);
    /** A project with a channel that leads to the upstream. */
    const setUp = async (channel: Parameters<typeof at.createChannel>[1] = {}) => {
      const { id: projectId } = await at.createProject();
      const { id: channelId, slug } = await at.createChannel(projectId, {
        upstream: upstream.url,
        ...channel,
      });
      return { projectId, channelId, slug };
    };
    const bearer = (secret: string) => ({ Authorization: `Bearer ${secret}` });

    test('what may pass reaches the upstream once, with its method, path, query and body, and who asks', async () => {
      const { projectId, slug } = await setUp();
      const { key, secret } = await at.createKey(projectId, {
        ownerId: 'Zoë, "the" owner',
        scopes: ['orders:read', 'orders:write'],
      });
      const before = upstream.received.length;
      const raw = randomBytes(300_000);
      const answer = await gateway().request('PATCH', `/${slug}/a%20b/%7Ec?x=%2f&y=1`, {
        headers: { ...bearer(secret), Cookie: 'session=1', 'Content-Type': 'application/octet-stream' },
        raw,
      });
      expect(answer.status).toBe(200);
      expect(upstream.received.length).toBe(before + 1);
      const got = answer.json as Received;
      expect(got).toMatchObject({ method: 'PATCH', url: '/a%20b/~c?x=%2f&y=1', bytes: raw.length });
      expect(got.sha256).toBe(createHash('sha256').update(raw).digest('hex'));
      expect(valuesOf(got, 'x-keywright-key-id')).toEqual([key.id]);
      expect(valuesOf(got, 'x-keywright-owner-id')).toEqual(['Zo%C3%AB,%20"the"%20owner']);
      expect(valuesOf(got, 'x-keywright-project-id')).toEqual([projectId]);
      expect(valuesOf(got, 'x-keywright-channel')).toEqual([slug]);
      expect(valuesOf(got, 'x-keywright-scopes')).toEqual(['orders:read orders:write']);
      expect(valuesOf(got, 'cookie')).toEqual(['session=1']);
      expect(valuesOf(got, 'x-forwarded-prefix')).toEqual([`/${slug}`]);
      expect(valuesOf(got, 'x-request-id')).toEqual([answer.headers.get('X-Request-Id')]);
      expect(JSON.stringify(got)).not.toContain(secret);
    });

    test('the upstream’s own path comes before, and the slug may be the id', async () => {
      const { projectId, channelId } = await setUp({ upstream: `${upstream.url}/v2/` });
      const { secret } = await at.createKey(projectId);
      for (const [path, url] of [
        ['', '/v2/'],
        ['/', '/v2/'],
        ['/orders/', '/v2/orders/'],
      ]) {
        const { json } = await gateway().request('GET', `/${channelId}${path}`, { headers: bearer(secret) });
        expect(json).toMatchObject({ url });
      }
    });

    test('by host name the path is the upstream’s as a whole', async () => {
      const { projectId, slug } = await setUp();
      const { secret } = await at.createKey(projectId);
      const get = (host: string) =>
        sendRaw(
          at.service.gatewayUrl,
          head('GET /other/x HTTP/1.1', `Host: ${host}`, `Authorization: Bearer ${secret}`),
        );
      const [found] = (await get(`${slug}.API.example.com:8788`)).responses;
      expect(found?.status).toBe(200);
      const got = JSON.parse(found?.body ?? '') as Received;
      expect(got.url).toBe('/other/x');
      expect(valuesOf(got, 'x-forwarded-prefix')).toEqual([]);
      for (const host of [`${slug}.api.example.com.evil.com`, `x${slug}.api.example.com`, 'api.example.com'])
        expect((await get(host)).responses[0]?.status).toBe(404);
    });

    test('what a client says of itself does not reach the upstream', async () => {
      const { projectId, slug } = await setUp();
      const { key, secret } = await at.createKey(projectId);
      const { responses } = await sendRaw(
        at.service.gatewayUrl,
        head(
          `GET /${slug}/x HTTP/1.1`,
          'Host: gateway',
          `X-API-Key: ${secret}`,
          'X-Keywright-Key-Id: key_evil',
          'x-keywright-key-id: key_evil2',
          'X_Keywright_Owner_Id: evil',
          'X-Keywright_Scopes: admin',
          'X-KEYWRIGHT-ANYTHING: evil',
          'X_Forwarded_For: 6.6.6.6',
          'Forwarded: for=6.6.6.6',
          'X-Real-IP: 6.6.6.6',
          'X-Request-Id: chosen',
          'Proxy-Authorization: Basic evil',
          'Keep-Alive: timeout=1',
          'TE: trailers',
          'X-Hop: gone',
          'Connection: X-Keywright-Key-Id, X-Hop, X-Keywright-Scopes',
        ),
      );
      const got = JSON.parse(responses[0]?.body ?? '{}') as Received;
      expect(valuesOf(got, 'x-keywright-key-id')).toEqual([key.id]);
      expect(valuesOf(got, 'x-keywright-owner-id')).toEqual(['-']);
      expect(valuesOf(got, 'x-keywright-scopes')).toEqual(['-']);
      expect(valuesOf(got, 'x-forwarded-for')).toEqual(['127.0.0.1']);
      expect(valuesOf(got, 'x-forwarded-host')).toEqual(['gateway']);
      expect(valuesOf(got, 'x-request-id')).toEqual([responses[0]?.headers.get('x-request-id')]);
      for (const name of [
        'forwarded',
        'x-real-ip',
        'proxy-authorization',
        'keep-alive',
        'te',
        'x-hop',
        'x-api-key',
      ])
        expect(valuesOf(got, name), name).toEqual([]);
      expect(JSON.stringify(got)).not.toMatch(/evil|6\.6\.6\.6|chosen/);
    });

    test('where a trusted proxy stands before it, the client’s address is the one that it tells', async () => {
      const { projectId, slug } = await setUp();
      const { secret } = await at.createKey(projectId, { ipAllow: ['203.0.113.7'] });
      const from = (address: string) =>
        gateway().request('GET', `/${slug}/x`, {
          headers: { ...bearer(secret), 'X-Forwarded-For': address },
        });
      const passed = await from('203.0.113.7');
      expect(passed.status).toBe(200);
      expect(valuesOf(passed.json as Received, 'x-forwarded-for')).toEqual(['203.0.113.7, 127.0.0.1']);
      expect((await from('203.0.113.8')).status).toBe(403);
      expect((await from('203.0.113.7, 203.0.113.8')).status).toBe(403);
    });

    test('what the upstream answers comes back, without what was for the connection', async () => {
      const { projectId, slug } = await setUp();
      const { secret } = await at.createKey(projectId, {
        rateLimits: [{ name: 'burst', limit: 10, windowSeconds: 60 }],
      });
      const { status, headers } = await gateway().request('GET', `/${slug}/many-headers`, {
        headers: bearer(secret),
      });
      expect(status).toBe(200);
      expect(headers.getSetCookie()).toEqual(['a=1', 'b=2']);
      expect(headers.get('X-Hop')).toBeNull();
      expect(headers.get('X-Request-Id')).toMatch(/^req_/);
      expect(headers.get('RateLimit-Policy')).toBe('"burst";q=10;w=60');
      expect(headers.get('RateLimit')).toMatch(/^"burst";r=9;t=\d+$/);
      const headed = await gateway().request('HEAD', `/${slug}/x`, { headers: bearer(secret) });
      expect([headed.status, headed.text]).toEqual([200, '']);
    });

    describe('is refused, and nothing reaches the upstream', () => {
      const refusals: [string, string, (secret: string) => string[], number, string][] = [
        ['without a key', '/x', () => [], 401, 'malformed'],
        ['Bearer alone', '/x', () => ['Authorization: Bearer'], 401, 'malformed'],
        ['another scheme', '/x', (key) => [`Authorization: Token ${key}`], 401, 'malformed'],
        ['a damaged key', '/x', (key) => [`X-API-Key: ${key.slice(0, -1)}!`], 401, 'malformed'],
        ['the same key twice', '/x', (key) => [`X-API-Key: ${key}`, `x-api-key: ${key}`], 401, 'malformed'],
        [
          'by two ways',
          '/x',
          (key) => [`X-API-Key: ${key}`, `Authorization: Bearer ${key}`],
          401,
          'malformed',
        ],
        ['half a pair', '/x', () => ['X-Key-Id: kw_pk_1'], 401, 'malformed'],
        ['in the query', '/x?api_key=abc', () => [], 401, 'malformed'],
        ['a climbing path', '/a/../x', (key) => [`X-API-Key: ${key}`], 400, 'bad_request'],
        ['an encoded climbing path', '/a/%2e%2e/x', (key) => [`X-API-Key: ${key}`], 400, 'bad_request'],
        ['an encoded slash', '/a%2fb', (key) => [`X-API-Key: ${key}`], 400, 'bad_request'],
        ['a double slash', '//x', (key) => [`X-API-Key: ${key}`], 400, 'bad_request'],
        ['a backslash', '/a\\b', (key) => [`X-API-Key: ${key}`], 400, 'bad_request'],
        ['a broken percent', '/a%zz', (key) => [`X-API-Key: ${key}`], 400, 'bad_request'],
      ];
      test.each(refusals)('%s', async (_, path, headersFor, status, code) => {
        const { projectId, slug } = await setUp();
        const { secret } = await at.createKey(projectId);
        const before = upstream.received.length;
        const { responses } = await sendRaw(
          at.service.gatewayUrl,
          head(`GET /${slug}${path} HTTP/1.1`, 'Host: gateway', ...headersFor(secret)),
        );
        expect(responses[0]?.status).toBe(status);
        expect(JSON.parse(responses[0]?.body ?? '{}')).toMatchObject({ status, code });
        expect(responses[0]?.headers.get('www-authenticate') !== undefined).toBe(status === 401);
        expect(upstream.received.length).toBe(before);
      });

      test('a key of another project, of another channel, or without the scope', async () => {
        const { projectId, slug } = await setUp({
          gateway: { scopeRules: [{ method: 'GET', path: '/orders/*', scopes: ['orders:read'] }] },
        });
        const other = await setUp();
        const get = async (secret: string, path = '/orders/1') => {
          const { status, json } = await gateway().request('GET', `/${slug}${path}`, {
            headers: bearer(secret),
          });
          return [status, (json as { code?: string }).code];
        };
        const before = upstream.received.length;
        const foreign = await at.createKey(other.projectId, { scopes: ['orders:read'] });
        expect(await get(foreign.secret)).toEqual([401, 'not_found']);
        const elsewhere = await at.createChannel(projectId);
        const bound = await at.createKey(projectId, { channelId: elsewhere.id, scopes: ['orders:read'] });
        expect(await get(bound.secret)).toEqual([403, 'wrong_channel']);
        const without = await at.createKey(projectId, { scopes: ['orders:write'] });
        expect(await get(without.secret)).toEqual([403, 'insufficient_scope']);
        const right = await at.createKey(projectId, { scopes: ['orders:read'] });
        expect(await get(right.secret, '/users')).toEqual([403, 'insufficient_scope']);
        expect(await get(right.secret, '/ORDERS/1')).toEqual([403, 'insufficient_scope']);
        expect(upstream.received.length).toBe(before);
        expect(await get(right.secret)).toEqual([200, undefined]);
        expect(await get(right.secret, '/%6frders/1')).toEqual([200, undefined]);
      });

      test('an unknown channel, one without an upstream, and TRACE', async () => {
        const { projectId, slug } = await setUp({ upstream: null });
        const { secret } = await at.createKey(projectId);
        const ask = async (method: string, path: string) => {
          const { responses } = await sendRaw(
            at.service.gatewayUrl,
            head(`${method} ${path} HTTP/1.1`, 'Host: gateway', `X-API-Key: ${secret}`),
          );
          return responses[0];
        };
        const code = async (method: string, path: string) => {
          const answer = await ask(method, path);
          return [answer?.status, answer?.headers.get('x-keywright-code')];
        };
        expect(await code('GET', '/nowhere-at-all/x')).toEqual([404, 'no_channel']);
        expect(await code('GET', '/')).toEqual([404, 'no_channel']);
        expect(await code('GET', `http://evil.example/${slug}/x`)).toEqual([400, 'bad_request']);
        expect(await code('OPTIONS', '*')).toEqual([400, 'bad_request']);
        expect(await code('TRACE', `/${slug}/x`)).toEqual([405, 'method_not_allowed']);
        expect((await ask('TRACE', `/${slug}/x`))?.headers.get('allow')).toMatch(/^GET, HEAD, POST/);
        expect(await code('GET', `/${slug}/x`)).toEqual([502, 'no_upstream']);
      });

      test('over its limit, with the time to wait; a pair by its headers or Basic', async () => {
        const { projectId, slug } = await setUp({ policy: { format: 'pair' } });
        const { items } = await at.admin.call('listChannels', { params: { projectId } });
        const { key, secret } = await at.createKey(projectId, {
          channelId: items[0]?.id ?? '',
          rateLimits: [{ name: 'burst', limit: 2, windowSeconds: 60 }],
        });
        const publicId = key.publicId ?? '';
        const get = (headers: Record<string, string>) => gateway().request('GET', `/${slug}/x`, { headers });
        const basic = Buffer.from(`${publicId}:${secret}`).toString('base64');
        expect((await get({ 'X-Key-Id': publicId, 'X-Key-Secret': secret })).status).toBe(200);
        const second = await get({ Authorization: `Basic ${basic}` });
        expect(second.status).toBe(200);
        expect(JSON.stringify(second.json)).not.toContain(basic);
        const third = await get({ Authorization: `Basic ${basic}` });
        expect(third.status).toBe(429);
        expect(Number(third.headers.get('Retry-After'))).toBeGreaterThan(0);
        expect(third.headers.get('RateLimit')).toMatch(/^"burst";r=0;t=\d+$/);
        expect((await get({ 'X-Key-Id': publicId, 'X-Key-Secret': `${secret}x` })).status).toBe(401);
      });
    });

    test('a refusal is found by its request id, with what was asked and by which door', async () => {
      const { projectId, slug } = await setUp();
      const { key, secret } = await at.createKey(projectId);
      await at.admin.call('revokeKey', { params: { keyId: key.id }, body: {} });
      const { headers, json } = await gateway().request('DELETE', `/${slug}/orders/7?x=1`, {
        headers: { ...bearer(secret), 'User-Agent': 'acme/1' },
      });
      const requestId = headers.get('X-Request-Id') ?? '';
      expect(json).toMatchObject({ status: 401, code: 'revoked', requestId });
      const find = () => at.admin.send('getRefusal', { params: { projectId, requestId } });
      await expect.poll(async () => (await find()).status).toBe(200);
      expect((await find()).json).toMatchObject({
        code: 'revoked',
        door: 'gateway',
        channel: slug,
        key: { id: key.id },
        request: { method: 'DELETE', path: '/orders/7' },
        ip: '127.0.0.1',
        userAgent: 'acme/1',
      });
    });

    test('the access log has a line for each request, without query and secret', async () => {
      const { projectId, slug } = await setUp();
      const { key, secret } = await at.createKey(projectId);
      const path = `/${slug}/logged/${secret}?token=${secret}`;
      const { headers } = await gateway().request('GET', `/${slug}/logged?q=private`, {
        headers: bearer(secret),
      });
      await gateway().request('GET', path);
      const requestId = headers.get('X-Request-Id') ?? '';
      const line = () =>
        at.service
          .logs()
          .split('\n')
          .find((text) => text.includes(requestId));
      await expect.poll(line).toBeDefined();
      expect(JSON.parse(line() ?? '')).toMatchObject({
        method: 'GET',
        channel: slug,
        path: '/logged',
        status: 200,
        keyId: key.id,
        ip: '127.0.0.1',
      });
      await expect.poll(() => at.service.logs()).toContain('/logged/[secret]');
      expect(at.service.logs()).not.toContain('private');
      expect(at.service.logs()).not.toContain(secret);
    });

    test('a preflight needs a key like everything else, or passes without one where the channel says so', async () => {
      const preflight = { Origin: 'https://shop.example', 'Access-Control-Request-Method': 'POST' };
      const checked = await setUp();
      expect((await gateway().request('OPTIONS', `/${checked.slug}/x`, { headers: preflight })).status).toBe(
        401,
      );
      const { slug } = await setUp({ gateway: { preflight: 'pass' } });
      const passed = await gateway().request('OPTIONS', `/${slug}/x`, { headers: preflight });
      expect(passed.status).toBe(200);
      expect(valuesOf(passed.json as Received, 'x-keywright-key-id')).toEqual(['-']);
      const others = [
        gateway().request('OPTIONS', `/${slug}/x`),
        gateway().request('GET', `/${slug}/x`, { headers: preflight }),
      ];
      for (const other of await Promise.all(others)) expect(other.status).toBe(401);
    });

    test('a channel that does not explain says 401 and nothing else', async () => {
      const { projectId, slug } = await setUp({ gateway: { explain: false } });
      const elsewhere = await at.createChannel(projectId);
      const { secret } = await at.createKey(projectId, { channelId: elsewhere.id });
      const answers = await Promise.all(
        [{}, bearer('nonsense'), bearer(secret)].map((headers) =>
          gateway().request('GET', `/${slug}/x`, { headers }),
        ),
      );
      for (const { status, headers, json } of answers) {
        expect(status).toBe(401);
        expect(headers.get('X-Keywright-Code')).toBeNull();
        expect(json).toStrictEqual({
          ...(answers[0]?.json as object),
          requestId: headers.get('X-Request-Id'),
        });
      }
    });

    test('a channel takes the ways to send a key that it names, and lets the others be the upstream’s', async () => {
      const { projectId, slug } = await setUp({ gateway: { credentials: ['x_api_key'] } });
      const { secret } = await at.createKey(projectId);
      expect((await gateway().request('GET', `/${slug}/x`, { headers: bearer(secret) })).status).toBe(401);
      const both = { 'X-API-Key': secret, Authorization: 'Bearer the-upstream-s-own' };
      const { status, json } = await gateway().request('GET', `/${slug}/x`, { headers: both });
      expect(status).toBe(200);
      expect(valuesOf(json as Received, 'authorization')).toEqual(['Bearer the-upstream-s-own']);
    });
  },
  { env: { KEYWRIGHT_GATEWAY_DOMAIN: 'api.example.com' } },
);
