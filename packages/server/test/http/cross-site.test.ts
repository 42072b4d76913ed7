import { describe, expect, test } from 'vitest';
import { type AccountClient, browser, newPerson, post, signUp } from '../support/account.ts';
import { type Answer, client, readProblem } from '../support/client.ts';
import { onOneEngine } from '../support/installation.ts';
import { once } from './once.ts';

/** Requests that a page of somebody else's can make a browser send, with the cookie. */
const foreign: [string, Record<string, string>][] = [
  [
    'a form of another site',
    { Origin: 'https://evil.example', 'Content-Type': 'application/x-www-form-urlencoded' },
  ],
  ['JSON as text/plain, from another site', { Origin: 'https://evil.example', 'Content-Type': 'text/plain' }],
  ['JSON of another site', { Origin: 'https://evil.example', 'Content-Type': 'application/json' }],
  ['a sandboxed frame', { Origin: 'null', 'Content-Type': 'application/json' }],
  ['the same host on another port', { Origin: 'http://127.0.0.1:1', 'Content-Type': 'application/json' }],
  ['nobody who says', { Origin: '', 'Content-Type': 'application/json' }],
  ['a page that a browser knows to be of another site', { 'Sec-Fetch-Site': 'cross-site' }],
  ['a page of a sister site', { 'Sec-Fetch-Site': 'same-site' }],
];

onOneEngine((at) => {
  const someone = once(() => signUp(at));
  const attempt = (
    ada: AccountClient,
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: unknown,
  ) => ada.request(method, path, { headers, ...(body !== undefined && { raw: JSON.stringify(body) }) });

  const expectForbidden = (answer: Answer) =>
    expect(readProblem(answer)).toMatchObject({ status: 403, code: 'forbidden' });

  describe.each(foreign)('%s', (_, headers) => {
    test('changes nothing by the cookie that comes with it', async () => {
      const ada = await someone();
      const me = await ada.call('getMe');
      const projectId = me.type === 'account' ? (me.projects[0]?.id ?? '') : '';
      const { key } = await at.createKey(projectId);
      const before = await at.ledgerHead();
      const changes: [string, string, unknown?][] = [
        ['POST', `/v1/projects/${projectId}/keys`, { name: 'mine now' }],
        ['POST', `/v1/keys/${key.id}/revoke`],
        ['PATCH', `/v1/projects/${projectId}`, { name: 'mine now' }],
        ['DELETE', `/v1/keys/${key.id}`],
        ['DELETE', `/v1/projects/${projectId}`],
        ['POST', '/api/auth/sign-out'],
        ['POST', '/api/auth/revoke-other-sessions'],
        [
          'POST',
          '/api/auth/change-password',
          { currentPassword: ada.password, newPassword: 'mine now, thanks' },
        ],
      ];
      for (const [method, path, body] of changes) {
        expectForbidden(await attempt(ada, method, path, headers, body));
      }
      expect(await at.ledgerSince(before)).toEqual([]);
      // It may look, as a link may; what it sees, no other page can read.
      const looked = await attempt(ada, 'GET', '/v1/me', headers);
      expect(looked.status).toBe(200);
      expect([...looked.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    });

    test('signs nobody in or up, with a cookie or without', async () => {
      const { email, password } = await someone();
      const signIn = await browser(at.url).request('POST', '/api/auth/sign-in/email', {
        headers,
        raw: JSON.stringify({ email, password }),
      });
      expectForbidden(signIn);
      expect(signIn.headers.getSetCookie()).toEqual([]);
      expectForbidden(
        await browser(at.url).request('POST', '/api/auth/sign-up/email', {
          headers,
          raw: JSON.stringify(newPerson()),
        }),
      );
    });
  });

  test('a form of our own page is no JSON either', async () => {
    const ada = await someone();
    const raw = JSON.stringify({ email: ada.email, password: ada.password });
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      '',
    ]) {
      const headers = { 'Content-Type': type };
      const created = await ada.request('POST', '/v1/projects', { headers, raw: '{"name":"x"}' });
      expect(readProblem(created), type).toMatchObject({ status: 415 });
      const signIn = await browser(at.url).request('POST', '/api/auth/sign-in/email', { headers, raw });
      expect(readProblem(signIn), type).toMatchObject({ status: 415 });
    }
  });

  test('nor is it where no body is read', async () => {
    const ada = await someone();
    const me = await ada.call('getMe');
    const projectId = me.type === 'account' ? (me.projects[0]?.id ?? '') : '';
    const { key } = await at.createKey(projectId);
    const before = await at.ledgerHead();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      for (const [method, path] of [
        ['POST', `/v1/keys/${key.id}/deactivate`],
        ['POST', `/v1/keys/${key.id}/revoke`],
        ['DELETE', `/v1/keys/${key.id}`],
        ['POST', '/api/auth/sign-out'],
        ['POST', '/api/auth/revoke-other-sessions'],
      ] as const) {
        const answer = await ada.request(method, path, { headers: { 'Content-Type': type }, raw: '{}' });
        expect(readProblem(answer), `${path} ${type}`).toMatchObject({ status: 415 });
      }
    expect(await at.ledgerSince(before)).toEqual([]);
    expect((await ada.request('POST', `/v1/keys/${key.id}/deactivate`)).status).toBe(200);
  });

  test('a preflight of another origin is told nothing', async () => {
    const headers = {
      Origin: 'https://evil.example',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    };
    for (const path of ['/v1/me', '/api/auth/sign-in/email']) {
      const answer = await client(at.url, null).request('OPTIONS', path, { headers });
      expect(answer.status).toBe(405);
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test('our own pages may do all of it', async () => {
    const ada = await signUp(at);
    const headers = { 'Sec-Fetch-Site': 'same-origin' };
    expect((await ada.request('POST', '/api/auth/sign-out', { headers })).status).toBe(200);
  });
});

describe('behind a public address with https', () => {
  const publicUrl = 'https://keys.example.com';
  onOneEngine(
    (at) => {
      test('the cookie is for this host by https only, out of reach of scripts, and no other page sends it', async () => {
        const answer = await signInThrough(at.url);
        const [cookie = '', ...more] = answer.headers.getSetCookie();
        expect(more).toEqual([]);
        const [pair = '', ...attributes] = cookie.split('; ');
        expect(pair).toMatch(/^__Host-keywright_session=[\w%.-]+$/);
        expect(attributes.sort()).toEqual([
          'HttpOnly',
          `Max-Age=${30 * 86_400}`,
          'Path=/',
          'SameSite=Lax',
          'Secure',
        ]);
        expect(answer.text).not.toContain(pair.slice(26, 40));
        const page = client(at.url, null, { Origin: publicUrl, Cookie: pair });
        expect(await page.call('getMe')).toMatchObject({ type: 'account' });
        const out = await page.request('POST', '/api/auth/sign-out');
        const [expired = ''] = out.headers.getSetCookie();
        expect(expired).toMatch(/^__Host-keywright_session=; Max-Age=0; /);
        expect(expired).toContain('Secure');
      });

      test('the same cookie without its prefix, which any neighbour could set, is nobody', async () => {
        const [cookie = ''] = (await signInThrough(at.url)).headers.getSetCookie();
        const pair = cookie.split(';')[0]?.replace('__Host-', '') ?? '';
        const page = client(at.url, null, { Origin: publicUrl, Cookie: pair });
        expect(readProblem(await page.send('getMe'))).toMatchObject({ status: 401 });
      });

      test('the address of the machine is another origin', async () => {
        const answer = await post(browser(at.url), '/sign-in/email', {
          email: 'a@example.com',
          password: 'x',
        });
        expect(readProblem(answer)).toMatchObject({
          status: 403,
          detail: expect.stringContaining('KEYWRIGHT_PUBLIC_URL'),
        });
      });

      const signInThrough = async (url: string) => {
        const page = browser(url, { Origin: publicUrl });
        const answer = await post(page, '/sign-in/email', {
          email: 'root@example.com',
          password: 'a lamp beside the sea',
        });
        expect(answer.status, answer.text).toBe(200);
        return answer;
      };
    },
    {
      env: {
        KEYWRIGHT_PUBLIC_URL: publicUrl,
        KEYWRIGHT_ADMIN_EMAIL: 'Root@example.com',
        KEYWRIGHT_ADMIN_PASSWORD: 'a lamp beside the sea',
      },
    },
  );
});

onOneEngine((at) => {
  test('by http the cookie is one that http can carry', async () => {
    const { email, password } = await signUp(at);
    const [cookie = ''] = (
      await post(browser(at.url), '/sign-in/email', { email, password })
    ).headers.getSetCookie();
    expect(cookie).toMatch(/^keywright_session=[\w%.-]+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  test('a trusted proxy that speaks https makes it one for https', async () => {
    const { email, password } = await signUp(at);
    const origin = at.url.replace('http:', 'https:');
    const page = browser(at.url, { Origin: origin, 'X-Forwarded-Proto': 'https' });
    const [cookie = ''] = (await post(page, '/sign-in/email', { email, password })).headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-keywright_session=.*; Secure/);
  });
});
