import { describe, expect, test } from 'vitest';
import { expectDenied } from './support/denied.ts';
import { bearer, behindEachProxy } from './support/guarded-api.ts';
import { expectIdentity, expectNoCredential } from './support/identity.ts';

type Headers = (readonly [string, string])[];

const scopeRules = [
  { method: 'GET', path: '/public/*', scopes: [] },
  { method: '*', path: '/*', scopes: ['private'] },
];

const identity = ['Key-Id', 'Owner-Id', 'Project-Id', 'Channel', 'Scopes'].map(
  (name) => `X-Keywright-${name}`,
);
const forged = (spell: (name: string) => string): Headers => identity.map((name) => [spell(name), 'forged']);

const spellings: [string, Headers][] = [
  ['as they are', forged((name) => name)],
  ['in small letters', forged((name) => name.toLowerCase())],
  ['in capitals', forged((name) => name.toUpperCase())],
  ['twice', [...forged((name) => name), ...forged((name) => name.toLowerCase())]],
  ['with _ throughout', forged((name) => name.replaceAll('-', '_'))],
  ['with one _', forged((name) => name.replace('-', '_'))],
  ['with _ at the end', forged((name) => name.replace(/-([^-]*)$/, '_$1'))],
  ['in capitals with _', forged((name) => name.toUpperCase().replaceAll('-', '_'))],
  ['with a dot', forged((name) => name.replaceAll('-', '.'))],
  [
    'of other names',
    [
      ['X-Keywright-Token', 'forged'],
      ['X-Keywright-Code', 'forged'],
      ['X-Keywright-Status', 'forged'],
    ],
  ],
];

/** What some proxy tells Keywright of the original request in. */
const tales: Headers = [
  ['X-Forwarded-Method', 'GET'],
  ['X-Forwarded-Uri', '/public/things'],
  ['X-Forwarded-For', '127.0.0.5'],
  ['X-Original-Method', 'GET'],
  ['X-Original-URI', '/public/things'],
  ['X-Original-URL', '/public/things'],
  ['X-Rewrite-URL', '/public/things'],
  ['X-Real-IP', '127.0.0.5'],
  ['X-Forwarded-Host', 'elsewhere.example'],
  ['X-HTTP-Method-Override', 'GET'],
  ['Forwarded', 'for=127.0.0.5'],
];

behindEachProxy(
  (at) => {
    describe('identity headers of a client', () => {
      test.each(spellings)('%s never reach the API', async (_, headers) => {
        const { key, secret } = await at.createKey({ ownerId: 'customer-42', scopes: ['private'] });
        const answer = await at.send('/things', { headers: [...headers, bearer(secret), ...headers] });
        expect(answer.status, answer.text + at.proxy.logs()).toBe(200);
        const [received] = at.upstream.received;
        expectIdentity(received, key);
        expect(JSON.stringify(received)).not.toContain('forged');
        expect(JSON.stringify([...answer.headers])).not.toContain('forged');
      });

      test.each(spellings)('%s open nothing', async (_, headers) => {
        expectDenied(at, await at.send('/public/things', { headers }), 401, 'malformed');
      });

      test('tell of nothing where a key has nothing to tell', async () => {
        const { key, secret } = await at.createKey();
        const answer = await at.send('/public/things', {
          headers: [...forged((name) => name), bearer(secret)],
        });
        expect(answer.status).toBe(200);
        expect(key).toMatchObject({ ownerId: null, scopes: [] });
        expectIdentity(at.upstream.received[0], key);
      });
    });

    test.each(tales)('a client that sends %s changes nothing', async (...tale) => {
      const { secret } = await at.createKey({ ipAllow: ['127.0.0.1'] });
      const headers = [bearer(secret), tale];
      // Neither what is asked for,
      expectDenied(at, await at.send('/things', { headers }), 403, 'insufficient_scope');
      expectDenied(
        at,
        await at.send('/public/things', { method: 'POST', headers }),
        403,
        'insufficient_scope',
      );
      // nor from where,
      const bound = await at.createKey({ ipAllow: ['127.0.0.5'] });
      const elsewhere = await at.send('/public/things', { headers: [bearer(bound.secret), tale] });
      expectDenied(at, elsewhere, 403, 'ip_denied');
      // nor twice, nor against the one who sends it.
      const twice = await at.send('/public/things?q', { headers: [...headers, tale] });
      expect(twice.status, twice.text).toBe(200);
      expect(at.upstream.received).toMatchObject([{ method: 'GET', url: '/public/things?q' }]);
    });

    test.each([
      identity.join(', '),
      [...identity, 'close'].join(', ').toLowerCase(),
      'X-Forwarded-For, X-Forwarded-Uri, X-Forwarded-Method, X-Original-URI, X-Original-Method, X-Real-IP',
      'X-Keywright-Token, Host, Content-Length',
    ])('Connection: %s strips nothing', async (named) => {
      const { key, secret } = await at.createKey({ ipAllow: ['127.0.0.1'], ownerId: 'customer-42' });
      const headers = [bearer(secret), ['Connection', named] as const];
      const answer = await at.send('/public/things', { headers });
      expect(answer.status, answer.text + at.proxy.logs()).toBe(200);
      const [received] = at.upstream.received;
      expectIdentity(received, key);
      // Nor does it go on, to the next program on the way.
      const names = JSON.stringify(
        received?.rawHeaders.filter((_, i, all) => /^connection$/i.test(all[i - 1] ?? '')),
      );
      expect(names).not.toMatch(/keywright|forwarded|original/i);
      at.upstream.forget();
      expectDenied(at, await at.send('/things', { headers }), 403, 'insufficient_scope');
    });

    test('Connection naming the credential does not let it through', async () => {
      const { secret } = await at.createKey();
      const headers = [bearer(secret), ['Connection', 'Authorization'] as const];
      const { status } = await at.send('/public/things', { headers });
      expect([200, 401]).toContain(status);
      if (status === 200) expectNoCredential(at.upstream.received[0], secret);
      else expect(at.upstream.received).toEqual([]);
    });
  },
  { channel: { gateway: { scopeRules } } },
);
