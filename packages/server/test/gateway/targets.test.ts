import { describe, expect, test } from 'vitest';
import { head, sendRaw } from '../support/raw-connection.ts';
import { expectDenied } from './support/denied.ts';
import { bearer, behindEachProxy, type GuardedApi } from './support/guarded-api.ts';
import { namesOf } from './support/send.ts';

const scopeRules = [
  { method: '*', path: '/public/*', scopes: [] },
  { method: '*', path: '/admin/*', scopes: ['admin'] },
];

/** Ways of writing a path that two programs could read in two ways. */
const ambiguous = [
  '/public/../admin/users',
  '/public/..',
  '/public/./things',
  '/public/%2e%2e/admin/users',
  '/public/%2E./admin/users',
  '/public/.%2e/admin/users',
  '/public/..;/admin/users',
  '/public/..;a=b/admin/users',
  '/public/..%3Badmin/users',
  '/public/%2e%2e;/admin/users',
  '/public/;x/admin/users',
  '/public/..%2fadmin/users',
  '/public%2f..%2fadmin/users',
  '/public//../admin/users',
  '//admin/users',
  '/public//things',
  '//public/things',
  '/public/a%2fb',
  '/public/a%2Fb',
  '/public/a%5cb',
  '/public\\..\\admin',
  '/public/%00',
  '/public/%0d%0aX-Keywright-Key-Id:forged',
  '/public/%zz',
  '/public/things#/../admin',
];

/** One spelling of what another key may ask. */
const disguised = [
  '/%61dmin/users',
  '/admi%6E/users',
  '/admin/users?x=/public/',
  '/admin/users?/../../public/x',
];

behindEachProxy(
  (at) => {
    test.each(ambiguous)('%s is refused, whatever a key may', async (target) => {
      for (const scopes of [[], ['admin'], ['*']]) {
        const { secret } = await at.createKey({ scopes });
        const answer = await at.send(target, { headers: [bearer(secret)] });
        expect(answer.status, answer.text + at.proxy.logs()).toBe(400);
        expect(at.upstream.received).toEqual([]);
      }
    });

    test.each(disguised)('%s is what it is', async (target) => {
      const without = await at.createKey();
      const refused = await at.send(target, { headers: [bearer(without.secret)] });
      expectDenied(at, refused, 403, 'insufficient_scope');
      const { secret } = await at.createKey({ scopes: ['admin'] });
      expect((await at.send(target, { headers: [bearer(secret)] })).status).toBe(200);
      const [received] = at.upstream.received;
      expect(decodeURIComponent(received?.url ?? '')).toBe(decodeURIComponent(target));
    });

    test.each([
      '/public/things?q=%2F..%2F..&r=//x',
      '/public/a%20b;v=1',
      '/public/%E2%82%AC',
      '/public/a+b~c',
      '/public/%252e%252e/x',
    ])('%s reaches the API as it was sent', async (target) => {
      const { secret } = await at.createKey();
      expect((await at.send(target, { headers: [bearer(secret)] })).status).toBe(200);
      expect(at.upstream.received).toMatchObject([{ url: target }]);
    });

    describe.each(['api.example', 'other.example'])('an absolute target at %s', (host) => {
      test.each([
        ['/admin/users', [400, 403]],
        ['/public/../admin/users', [400]],
        ['/public//things', [400]],
        ['', [400, 403]],
      ])('with %j does not pass', async (path, statuses) => {
        expect(statuses).toContain(await askRaw(at, `GET http://${host}${path} HTTP/1.1`));
        expect(at.upstream.received).toEqual([]);
      });

      test('with what the key may reaches the API as a path, if at all', async () => {
        const status = await askRaw(at, `GET http://${host}/public/things HTTP/1.1`);
        if (status === 200) expect(at.upstream.received).toMatchObject([{ url: '/public/things' }]);
        else expect([status, at.upstream.received]).toEqual([400, []]);
      });
    });

    test.each(['OPTIONS * HTTP/1.1', 'CONNECT api.example:443 HTTP/1.1', 'GET public/things HTTP/1.1'])(
      "%s does not reach the API, and is no fault of Keywright's",
      async (line) => {
        expect(await askRaw(at, line)).not.toBe(503);
        expect(at.upstream.received).toEqual([]);
      },
    );

    test('Content-Length and Transfer-Encoding together smuggle nothing', async () => {
      const { secret } = await at.createKey();
      const hidden = head('GET /public/hidden HTTP/1.1', 'Host: api.example');
      const first = head(
        'POST /public/things HTTP/1.1',
        'Host: api.example',
        `X-API-Key: ${secret}`,
        `Content-Length: ${5 + hidden.length}`,
        'Transfer-Encoding: chunked',
      );
      const { responses } = await sendRaw(at.proxy.url, `${first}0\r\n\r\n${hidden}`);
      const statuses = responses.map(({ status }) => status);
      if (at.proxy.name === 'nginx') {
        expect(statuses).toEqual([400]);
        expect(at.upstream.received).toEqual([]);
        return;
      }
      // These go by the chunks, as RFC 9112 (6.3) has it, pass them on in one framing only, and what follows, if they
      // take it at all, is a request of its own, which needs a key of its own.
      expect(at.upstream.received).toMatchObject([{ method: 'POST', url: '/public/things', bytes: 0 }]);
      expect(namesOf(at.upstream.received[0])).not.toContain('content-length');
      expect([[200], [200, 401]]).toContainEqual(statuses);
    });
  },
  { channel: { gateway: { scopeRules } } },
);

/** Sends a request line as it is, with a key that needs no scope, and answers the status. */
async function askRaw(at: GuardedApi, line: string): Promise<number | undefined> {
  const { secret } = await at.createKey();
  const lines = [line, 'Host: api.example', `X-API-Key: ${secret}`, 'Connection: close'];
  const { responses } = await sendRaw(at.proxy.url, head(...lines));
  return responses[0]?.status;
}
