import type { Channel, ScopeRule } from '@keywright/contract';
import { describe, expect, test, vi } from 'vitest';
import { generateSecret } from '../../src/keys/secret-format.ts';
import { once } from '../http/once.ts';
import { type Installation, onBothEngines } from '../support/installation.ts';
import {
  ask,
  asked,
  type Door,
  doorNames,
  doors,
  type Original,
  send,
  statusFor,
  withKey,
} from './support/doors.ts';

const soon = { timeout: 10_000, interval: 50 };
const identityHeaders = ['key-id', 'owner-id', 'project-id', 'channel', 'scopes'].map(
  (name) => `x-keywright-${name}`,
);
const onlyRead: ScopeRule[] = [
  { method: 'GET', path: '/open', scopes: [] },
  { method: 'GET', path: '/orders/*', scopes: ['orders:read'] },
  { method: 'POST', path: '/orders', scopes: ['orders:write'] },
];

onBothEngines((at) => {
  /** A project with a channel, and what keys may meet there. */
  const world = once(async () => {
    const project = await at.createProject();
    const channel = await at.createChannel(project.id);
    const other = await at.createChannel(project.id);
    return {
      project,
      channel,
      other,
      ruled: await at.createChannel(project.id, { gateway: { scopeRules: onlyRead } }),
    };
  });
  const newKey = async (body: Parameters<Installation['createKey']>[1] = {}) => {
    const { project, channel } = await world();
    return at.createKey(project.id, { channelId: channel.id, ...body });
  };
  const newChannel = async (gateway: Partial<Channel['gateway']> = {}) =>
    at.createChannel((await world()).project.id, { gateway });
  const askAt = async (door: Door, original: Original) =>
    ask(at.url, door, (await world()).channel.slug, original);

  describe.each(doorNames)('/%s', (door) => {
    describe('lets pass', () => {
      test('a good key: 200, an empty body, and every identity header with a value', async () => {
        const { project, channel } = await world();
        const { key, secret } = await newKey({ ownerId: 'customer-42', scopes: ['a', 'b:*'] });
        for (const name of [channel.slug, channel.id]) {
          const answer = await ask(at.url, door, name, { headers: withKey(secret) });
          expect(answer).toMatchObject({ status: 200, text: '' });
          expect(answer.headers).toMatchObject({
            'cache-control': 'no-store',
            'content-length': '0',
            'x-keywright-key-id': key.id,
            'x-keywright-owner-id': 'customer-42',
            'x-keywright-project-id': project.id,
            'x-keywright-channel': channel.slug,
            'x-keywright-scopes': 'a b:*',
          });
        }
      });

      test('one without owner and scopes: what there is none of is a dash, whatever the client says', async () => {
        const { secret } = await newKey();
        const forged = identityHeaders.map((name) => [name, 'forged'] as const);
        const answer = await askAt(door, { headers: [...withKey(secret), ...forged] });
        expect(answer).toMatchObject({
          status: 200,
          headers: { 'x-keywright-owner-id': '-', 'x-keywright-scopes': '-' },
        });
        for (const name of identityHeaders) expect(answer.headers[name], name).toMatch(/^(?!forged)./);
      });

      test('an owner whose id no header can hold is percent-encoded', async () => {
        const { secret } = await newKey({ ownerId: 'Zoë 100% 🔑' });
        const { headers } = await askAt(door, { headers: withKey(secret) });
        expect(headers['x-keywright-owner-id']).toBe('Zo%C3%AB%20100%25%20%F0%9F%94%91');
      });

      test('a key of the project that is bound to no channel', async () => {
        const { secret } = await newKey({ channelId: null });
        expect((await askAt(door, { headers: withKey(secret) })).status).toBe(200);
      });

      test('in each way that a key can be sent', async () => {
        const { secret } = await newKey();
        const project = await at.createProject({ policy: { format: 'pair' } });
        const { slug } = await at.createChannel(project.id);
        const pair = await at.createKey(project.id);
        const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
        for (const headers of [
          [['Authorization', `Bearer ${secret}`]],
          [['authorization', `BEARER ${secret}`]],
          [['x-api-key', secret]],
          [['Authorization', basic(`${secret}:`)]],
        ] as const)
          expect((await askAt(door, { headers })).status, JSON.stringify(headers)).toBe(200);
        for (const headers of [
          [
            ['X-Key-Id', pair.key.publicId ?? ''],
            ['X-Key-Secret', pair.secret],
          ],
          [['Authorization', basic(`${pair.key.publicId}:${pair.secret}`)]],
        ] as const)
          expect((await ask(at.url, door, slug, { headers })).status, JSON.stringify(headers)).toBe(200);
      });

      test.each(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'PROPFIND', 'TRACE'])(
        'a %s, and denies it without a key',
        async (method) => {
          const { channel } = await world();
          const { secret } = await newKey();
          for (const [headers, status] of [
            [withKey(secret), 200],
            [[], 401],
          ] as const) {
            const asking = asked(door, channel.slug, { method, headers });
            expect((await send(at.url, asking)).status).toBe(status);
            // Whichever method the proxy itself asks with.
            if (door !== 'ext-authz') expect((await send(at.url, { ...asking, method })).status).toBe(status);
          }
        },
      );
    });

    describe('denies', () => {
      const challenge = expect.stringMatching(/^Bearer realm="[a-z0-9-]+"(, error="invalid_token")?$/);

      test.each<[string, string, () => Original['headers'] | Promise<Original['headers']>]>([
        ['no key', 'malformed', () => []],
        ['an empty Authorization', 'malformed', () => [['Authorization', '']]],
        ['Bearer alone', 'malformed', () => [['Authorization', 'Bearer']]],
        ['another scheme', 'malformed', async () => [['Authorization', `Digest ${(await newKey()).secret}`]]],
        ['an empty X-API-Key', 'malformed', () => [['X-API-Key', '']]],
        ['half a pair', 'malformed', () => [['X-Key-Id', 'kw_pk_0123456789012345678901']]],
        ['broken Basic', 'malformed', () => [['Authorization', 'Basic !!']]],
        [
          'a key whose checksum is wrong',
          'malformed',
          async () => withKey(`${(await newKey()).secret.slice(0, -1)}!`),
        ],
        ['SQL', 'malformed', () => withKey("' OR 1=1 --")],
        ['what is no ASCII', 'malformed', () => withKey('clé\xff')],
        [
          'two keys in two ways',
          'malformed',
          async () => {
            const { secret } = await newKey();
            return [...withKey(secret), ['Authorization', `Bearer ${secret}`]];
          },
        ],
        [
          'a header twice, with the same key',
          'malformed',
          async () => {
            const { secret } = await newKey();
            return [...withKey(secret), ['x-api-key', secret]];
          },
        ],
        ['a key that nobody made', 'not_found', () => withKey(generateSecret('kw').reveal())],
        [
          'a key of another project, which is good there',
          'not_found',
          async () => {
            const other = await at.createProject();
            const channel = await at.createChannel(other.id);
            const { secret } = await at.createKey(other.id);
            expect((await ask(at.url, door, channel.slug, { headers: withKey(secret) })).status).toBe(200);
            return withKey(secret);
          },
        ],
        [
          'a revoked key',
          'revoked',
          async () => {
            const { key, secret } = await newKey();
            await at.admin.call('revokeKey', { params: { keyId: key.id } });
            return withKey(secret);
          },
        ],
        [
          'a key that is switched off',
          'inactive',
          async () => {
            const { key, secret } = await newKey();
            await at.admin.call('deactivateKey', { params: { keyId: key.id } });
            return withKey(secret);
          },
        ],
        [
          'an expired key',
          'expired',
          async () => withKey((await at.createExpired((await world()).project.id)).secret),
        ],
      ])('401, with a challenge, %s', async (_, code, make) => {
        const answer = await askAt(door, { headers: (await make()) ?? [] });
        expect(answer).toMatchObject({
          status: 401,
          headers: { 'www-authenticate': challenge, 'x-keywright-code': code, 'cache-control': 'no-store' },
          problem: { type: 'about:blank', title: 'Unauthorized', status: 401, code },
        });
        expect(answer.problem.requestId).toBe(answer.headers['x-request-id']);
        for (const name of identityHeaders) expect(answer.headers[name]).toBeUndefined();
      });

      test('401 a key in the query, by a name or by its checksum, also beside a good one', async () => {
        const { secret } = await newKey();
        for (const query of [
          `api_key=${secret}`,
          'access_token=x',
          `q=1&x=${secret}`,
          `x=${secret.replace('_', '%5f')}`,
          secret,
        ]) {
          const answer = await askAt(door, { target: `/a?${query}`, headers: withKey(secret) });
          expect(answer, query).toMatchObject({ status: 401, headers: { 'x-keywright-code': 'malformed' } });
          expect(answer.text).not.toContain(secret);
        }
        expect((await askAt(door, { target: '/a?q=key', headers: withKey(secret) })).status).toBe(200);
      });

      test('403 a key of another channel, cold and warm, by slug and by id', async () => {
        const { channel, other } = await world();
        const { secret } = await newKey({ channelId: other.id });
        const headers = withKey(secret);
        const denied = { status: 403, headers: { 'x-keywright-code': 'wrong_channel' } };
        for (const name of [channel.slug, channel.id, channel.slug]) {
          expect(await ask(at.url, door, name, { headers })).toMatchObject(denied);
          expect((await ask(at.url, door, other.slug, { headers })).status).toBe(200);
        }
      });

      test('403 a key without the scopes that the rules need, and what no rule fits', async () => {
        const { project, ruled } = await world();
        const headersOf = async (scopes: string[]) =>
          withKey((await at.createKey(project.id, { scopes })).secret);
        const [none, reader, all] = [
          await headersOf([]),
          await headersOf(['orders:*']),
          await headersOf(['*']),
        ];
        const statusOf = async (headers: Original['headers'], method: string, target: string) =>
          (await ask(at.url, door, ruled.slug, { method, target, headers: headers ?? [] })).status;
        for (const [method, target, ...expected] of [
          ['GET', '/open', 200, 200, 200],
          ['HEAD', '/open?x=/orders/1', 200, 200, 200],
          ['GET', '/orders/1', 403, 200, 200],
          ['GET', '/%6frders/1', 403, 200, 200],
          ['POST', '/orders', 403, 200, 200],
          ['POST', '/orders/1', 403, 403, 200],
          ['GET', '/OPEN', 403, 403, 200],
          ['GET', '/open/', 403, 403, 200],
          ['GET', '/forgotten', 403, 403, 200],
        ] as const) {
          const found = [];
          for (const headers of [none, reader, all]) found.push(await statusOf(headers, method, target));
          expect(found, `${method} ${target}`).toEqual(expected);
        }
        const answer = await ask(at.url, door, ruled.slug, { target: '/orders/1', headers: none });
        expect(answer.problem).toMatchObject({ code: 'insufficient_scope', title: 'Forbidden' });
        expect(answer.headers['www-authenticate']).toBeUndefined();
      });

      test('403 a key from an address that is not its own, or from nobody knows where', async () => {
        const { secret } = await newKey({ ipAllow: ['192.0.2.0/24'] });
        const headers = withKey(secret);
        for (const [ip, status] of [
          ['192.0.2.7', 200],
          ['203.0.113.9', 403],
          ['', 403],
          ['192.0.2.7, unknown', 403],
          // The proxy of the tests is trusted; what a client claimed stands to the left of what it saw.
          ['203.0.113.9, 192.0.2.7', 200],
          ['192.0.2.7, 203.0.113.9', 403],
          ['192.0.2.7, 127.0.0.1', 200],
        ] as const)
          expect((await askAt(door, { ip, headers })).status, ip).toBe(status);
        const answer = await askAt(door, { headers });
        expect(answer).toMatchObject({ status: 403, headers: { 'x-keywright-code': 'ip_denied' } });
      });

      test('a key that was used too often, says when to come again, and tells before how the limits stand', async () => {
        const rateLimits = [
          { name: 'few', limit: 2, windowSeconds: 3600 },
          { name: 'many.x', limit: 1000, windowSeconds: 60 },
        ];
        const { secret } = await newKey({ rateLimits, quota: { limit: 50, period: 'day' } });
        const headers = withKey(secret);
        for (const left of [1, 0]) {
          const answer = await askAt(door, { headers });
          expect(answer.status).toBe(200);
          expect(answer.headers['ratelimit-policy']).toBe(
            '"few";q=2;w=3600, "many.x";q=1000;w=60, "quota";q=50;w=86400',
          );
          expect(answer.headers.ratelimit).toMatch(
            new RegExp(`^"few";r=${left};t=\\d+, "many\\.x";r=99\\d;t=\\d+, "quota";r=\\d+;t=\\d+$`),
          );
        }
        const answer = await askAt(door, { headers });
        expect(answer.status).toBe(statusFor(door, 429));
        expect(answer.headers['x-keywright-status']).toBe(door === 'auth-request' ? '429' : undefined);
        expect(answer.headers).toMatchObject({
          'retry-after': expect.stringMatching(/^\d+$/),
          'x-keywright-code': 'rate_limited',
          ratelimit: expect.stringMatching(/^"few";r=0;t=\d+/),
        });
        expect(answer.problem).toMatchObject({ status: 429, title: 'Too Many Requests' });
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(3000);
      });

      test('a path that can be read in two ways', async () => {
        const { secret } = await newKey({ scopes: ['*'] });
        for (const target of [
          '/a/../b',
          '/a//b',
          '/a/%2e%2e/b',
          '/a%2fb',
          '/a\\b',
          '/a%00',
          '/%zz',
          '/..',
          '//x',
        ]) {
          const answer = await askAt(door, { target, headers: withKey(secret) });
          expect(answer, target).toMatchObject({
            status: statusFor(door, 400),
            headers: { 'x-keywright-code': 'bad_request' },
          });
        }
      });

      test('with no more than a 401 where nothing is to be explained, but for limits', async () => {
        const { slug } = await newChannel({ explain: false, scopeRules: onlyRead });
        const { project } = await world();
        const rateLimits = [{ name: 'few', limit: 1, windowSeconds: 3600 }];
        const { secret } = await at.createKey(project.id, { rateLimits });
        const bound = await newKey();
        const plain = {
          type: 'about:blank',
          title: 'Unauthorized',
          status: 401,
          detail: 'This request may not pass.',
        };
        for (const original of [
          { headers: [] },
          { headers: withKey('x') },
          { headers: withKey(generateSecret('kw').reveal()) },
          { headers: withKey(bound.secret) },
          { headers: withKey(secret), target: '/orders/1' },
          { headers: withKey(secret), target: '/a/../b' },
        ]) {
          const answer = await ask(at.url, door, slug, { target: '/open', ...original });
          expect(answer.status).toBe(401);
          expect(answer.headers['x-keywright-code']).toBeUndefined();
          expect(answer.headers['www-authenticate']).toBe(`Bearer realm="${slug}"`);
          expect(answer.problem).toEqual({ ...plain, requestId: answer.headers['x-request-id'] });
        }
        const good = { target: '/open', headers: withKey(secret) };
        expect((await ask(at.url, door, slug, good)).status).toBe(200);
        const limited = await ask(at.url, door, slug, good);
        expect(limited.status).toBe(statusFor(door, 429));
        expect(limited.headers['retry-after']).toMatch(/^\d+$/);
        expect(limited.problem).toMatchObject({ status: 429, detail: 'Too many requests.' });
        expect(limited.problem.code).toBeUndefined();
      });
    });

    test('a preflight passes without a key only where it may, and only one that is one', async () => {
      const [{ channel }, open] = [
        await world(),
        await newChannel({ preflight: 'pass', scopeRules: onlyRead }),
      ];
      const headers = [
        ['Origin', 'https://app.example'],
        ['Access-Control-Request-Method', 'POST'],
      ] as const;
      const preflight = { method: 'OPTIONS', target: '/orders', headers };
      expect((await ask(at.url, door, channel.slug, preflight)).status).toBe(401);
      const answer = await ask(at.url, door, open.slug, preflight);
      expect(answer).toMatchObject({
        status: 200,
        text: '',
        headers: {
          'x-keywright-key-id': '-',
          'x-keywright-owner-id': '-',
          'x-keywright-project-id': open.projectId,
          'x-keywright-channel': open.slug,
          'x-keywright-scopes': '-',
        },
      });
      for (const none of [
        { ...preflight, method: 'GET' },
        { ...preflight, method: 'POST' },
        { ...preflight, headers: headers.slice(1) },
        { ...preflight, headers: headers.slice(0, 1) },
      ])
        expect((await ask(at.url, door, open.slug, none)).status).toBe(401);
      // What the proxy itself asks with is not what the client sent.
      if (door !== 'ext-authz') {
        const asking = asked(door, open.slug, { ...preflight, method: 'DELETE' });
        expect((await send(at.url, { ...asking, method: 'OPTIONS' })).status).toBe(401);
      }
    });

    test('only the ways that the channel takes are a key there', async () => {
      const { slug } = await newChannel({ credentials: ['x_api_key'] });
      const { secret } = await newKey({ channelId: null });
      const bearer = ['Authorization', `Bearer ${secret}`] as const;
      const statusOf = async (headers: Original['headers']) =>
        (await ask(at.url, door, slug, { headers: headers ?? [] })).status;
      expect(await statusOf([bearer])).toBe(401);
      expect(await statusOf(withKey(secret))).toBe(200);
      expect(await statusOf([...withKey(secret), ['Authorization', 'Bearer of-the-api']])).toBe(200);
      const answer = await ask(at.url, door, slug, { headers: [bearer] });
      expect(answer.headers['www-authenticate']).toBe(`ApiKey realm="${slug}"`);
      expect(answer.problem.detail).toContain('X-API-Key: <key>');
    });

    test('404 for a channel that there is none of, and for what is no door', async () => {
      const { secret } = await newKey();
      for (const name of ['no-such', 'chn_01m7xyb2qmrg3t40v4k6p7t5jv', 'NO-SUCH']) {
        const answer = await ask(at.url, door, name, { headers: withKey(secret) });
        expect(answer).toMatchObject({
          status: 404,
          headers: { 'cache-control': 'no-store' },
          problem: { code: 'not_found' },
        });
      }
      const { channel } = await world();
      const { headers } = asked(door, channel.slug, { headers: withKey(secret) });
      for (const path of [
        `/${door}`,
        `/${door}/`,
        `/${door}//${channel.slug}`,
        `/${door}/%6f${channel.slug}`,
        `//${door}/${channel.slug}`,
        `/${door.toUpperCase()}/${channel.slug}`,
        ...(door === 'ext-authz' ? [] : [`/${door}/${channel.slug}/`, `/${door}/${channel.slug}/x`]),
      ])
        expect((await send(at.url, { method: 'GET', path, headers })).status, path).toBe(404);
    });

    if (door !== 'ext-authz')
      test('400 when the proxy does not say what the request was, or a client’s word stands beside its own', async () => {
        const { channel } = await world();
        const { secret } = await newKey();
        const asking = asked(door, channel.slug, { ip: '192.0.2.1', headers: withKey(secret) });
        const told = asking.headers.slice(0, 3);
        for (const [name] of told) {
          const isNeeded = !/(For|IP)$/.test(name);
          const without = asking.headers.filter(([each]) => each !== name);
          const status = (await send(at.url, { ...asking, headers: without })).status;
          expect([name, status]).toEqual([name, isNeeded ? 400 : 200]);
          for (const spelled of [name, name.toLowerCase()]) {
            const twice = [...asking.headers, [spelled, '/'] as const];
            const answer = await send(at.url, { ...asking, headers: twice });
            expect(answer).toMatchObject({ status: 400, problem: { code: 'validation_failed' } });
            expect(answer.headers['cache-control']).toBe('no-store');
          }
        }
      });

    test('what another kind of proxy would set changes nothing: it is the client’s', async () => {
      const { ruled, project } = await world();
      const { secret } = await at.createKey(project.id, { ipAllow: ['192.0.2.7'], scopes: ['orders:read'] });
      const lies = {
        'forward-auth': ['X-Original-Method', 'X-Original-URI', 'X-Real-IP'],
        'auth-request': ['X-Forwarded-Method', 'X-Forwarded-Uri', 'X-Forwarded-For'],
        'ext-authz': ['X-Forwarded-Method', 'X-Forwarded-Uri', 'X-Real-IP'],
      }[door];
      const [method = '', uri = '', ip = ''] = lies;
      const besides = [
        ['X-HTTP-Method-Override', 'GET'],
        ['X-Original-URL', '/open'],
        ['X-Rewrite-URL', '/open'],
        ['X-Envoy-Original-Path', '/open'],
        ['Forwarded', 'for=192.0.2.7'],
        ['X-Forwarded-Host', 'elsewhere.example'],
        ['X-Forwarded-Prefix', '/open'],
      ] as const;
      const lie = (target: string, address: string) => [
        ...withKey(secret),
        ...besides,
        [method, 'GET'] as const,
        [uri, target] as const,
        [ip, address] as const,
      ];
      const original = { method: 'POST', target: '/orders', ip: '192.0.2.7' };
      const headers = lie('/open', '192.0.2.7');
      expect(await ask(at.url, door, ruled.slug, { ...original, headers })).toMatchObject({
        status: 403,
        headers: { 'x-keywright-code': 'insufficient_scope' },
      });
      const elsewhere = { target: '/open', ip: '203.0.113.9', headers };
      expect(await ask(at.url, door, ruled.slug, elsewhere)).toMatchObject({
        status: 403,
        headers: { 'x-keywright-code': 'ip_denied' },
      });
      const honest = { target: '/open', ip: '192.0.2.7', headers: lie('/forgotten', '203.0.113.9') };
      expect((await ask(at.url, door, ruled.slug, honest)).status).toBe(200);
    });

    test('a use is counted, with the address and the agent that it came with', async () => {
      const { key, secret } = await newKey();
      const agent = ['User-Agent', `agent-${door}/1`] as const;
      for (let time = 0; time < 3; time++)
        expect((await askAt(door, { ip: '192.0.2.50', headers: [...withKey(secret), agent] })).status).toBe(
          200,
        );
      await askAt(door, { target: '/a/../b', headers: withKey(secret) });
      const usage = () => at.admin.call('getKeyUsage', { params: { keyId: key.id } });
      const sum = (list: { count: number }[]) => list.reduce((total, { count }) => total + count, 0);
      // What is written every second can part them.
      await vi.waitUntil(async () => sum((await usage()).buckets) >= 3, soon);
      const { buckets, origins } = await usage();
      expect(sum(buckets)).toBe(3);
      expect(buckets.every(({ code }) => code === 'valid')).toBe(true);
      expect(origins).toMatchObject([{ ip: '192.0.2.50', userAgent: `agent-${door}/1`, count: 3 }]);
    });

    test('each denial is found by its request id, with all that was asked and nothing of the secret', async () => {
      const { project, ruled } = await world();
      const { key, secret } = await at.createKey(project.id, { name: 'Night job' });
      const target = `/orders/${secret}/%6c?x=1`;
      const answer = await ask(at.url, door, ruled.slug, {
        method: 'GET',
        target,
        ip: '192.0.2.51',
        headers: [...withKey(secret), ['User-Agent', 'curl/8'], ['X-Request-Id', 'chosen-by-the-client']],
      });
      const requestId = String(answer.headers['x-request-id']);
      expect(requestId).toMatch(/^req_/);
      const found = await findRefusal(at, project.id, requestId);
      expect(found).toMatchObject({
        requestId,
        door: doors[door],
        code: 'insufficient_scope',
        detail: expect.stringContaining('orders:read'),
        key: { id: key.id, name: 'Night job' },
        channel: ruled.slug,
        scopes: ['orders:read'],
        ip: '192.0.2.51',
        userAgent: 'curl/8',
        request: { method: 'GET', path: '/orders/[secret]/l' },
      });
      expect(JSON.stringify(found)).not.toContain(secret.slice(5, 60));
      const byClient = await at.admin.send('getRefusal', {
        params: { projectId: project.id, requestId: 'chosen-by-the-client' },
      });
      expect(byClient.status).toBe(404);
    });

    test('one without a key is found in the channel’s project, and in no other', async () => {
      const { project, channel } = await world();
      const answer = await ask(at.url, door, channel.slug, { method: 'DELETE', target: '/x' });
      const requestId = String(answer.headers['x-request-id']);
      const found = await findRefusal(at, project.id, requestId);
      expect(found).toMatchObject({
        code: 'malformed',
        key: null,
        request: { method: 'DELETE', path: '/x' },
        detail: expect.stringContaining('carried no key'),
      });
      const other = await at.createProject();
      const elsewhere = await at.admin.send('getRefusal', { params: { projectId: other.id, requestId } });
      expect(elsewhere.status).toBe(404);
    });
  });

  test('a client’s request id is taken nowhere, whatever it is', async () => {
    for (const door of doorNames) {
      const seen = new Set<unknown>();
      for (let time = 0; time < 5; time++) {
        const { headers } = await askAt(door, { headers: [['X-Request-Id', 'trace-7']] });
        seen.add(headers['x-request-id']);
      }
      expect(seen.size).toBe(5);
      expect(seen).not.toContain('trace-7');
    }
  });

  test('a key that dies is dead at every door when that is answered', async () => {
    const { channel } = await world();
    const deaths = [
      (keyId: string) => at.admin.call('revokeKey', { params: { keyId } }),
      (keyId: string) => at.admin.call('deactivateKey', { params: { keyId } }),
      (keyId: string) => at.admin.call('deleteKey', { params: { keyId } }),
      (keyId: string) => at.admin.call('rotateKey', { params: { keyId }, body: { overlapSeconds: 0 } }),
    ];
    for (const die of deaths) {
      const { key, secret } = await newKey();
      const ask3 = () =>
        Promise.all(
          doorNames.map(
            async (door) => (await ask(at.url, door, channel.slug, { headers: withKey(secret) })).status,
          ),
        );
      for (let time = 0; time < 2; time++) expect(await ask3()).toEqual([200, 200, 200]);
      await die(key.id);
      expect(await ask3()).toEqual([401, 401, 401]);
    }
  });

  test('the doors are counted as what they are, and verifications by their code', async () => {
    const metric = async (pattern: RegExp) => {
      const { text } = await at.admin.request('GET', '/metrics', { headers: { Authorization: '' } });
      return Number(pattern.exec(text)?.[1] ?? 0);
    };
    const valid = /^keywright_verifications_total\{[^}]*code="valid"[^}]*\} (\d+)$/m;
    const { channel } = await world();
    const open = await newChannel({ preflight: 'pass' });
    const { secret } = await newKey();
    const before = await metric(valid);
    for (const door of doorNames) await ask(at.url, door, channel.slug, { headers: withKey(secret) });
    const headers = [
      ['Origin', 'https://a.example'],
      ['Access-Control-Request-Method', 'GET'],
    ] as const;
    for (const door of doorNames) await ask(at.url, door, open.slug, { method: 'OPTIONS', headers });
    expect(await metric(valid)).toBe(before + 3);
    for (const route of ['/forward-auth/:channel', '/auth-request/:channel', '/ext-authz/:channel/\\*'])
      expect(
        await metric(
          new RegExp(
            `^keywright_http_request_duration_seconds_count\\{[^}]*route="${route}"[^}]*status="200"[^}]*\\} (\\d+)$`,
            'm',
          ),
        ),
      ).toBeGreaterThan(0);
  });

  test('no secret is in what the service wrote', async () => {
    const { channel } = await world();
    const { secret } = await newKey();
    const unknown = generateSecret('kw').reveal();
    for (const door of doorNames) {
      await ask(at.url, door, channel.slug, { target: `/${secret}?k=${secret}`, headers: withKey(secret) });
      await ask(at.url, door, channel.slug, { headers: withKey(unknown) });
      await ask(at.url, door, secret.slice(0, 60), { headers: withKey(secret) });
    }
    for (const each of [secret, unknown]) expect(at.service.logs()).not.toContain(each.slice(4, 40));
    expect(at.errorLines()).toEqual([]);
  });
});

async function findRefusal(at: Installation, projectId: string, requestId: string) {
  const params = { projectId, requestId };
  await vi.waitUntil(async () => (await at.admin.send('getRefusal', { params })).status === 200, soon);
  return at.admin.call('getRefusal', { params });
}
