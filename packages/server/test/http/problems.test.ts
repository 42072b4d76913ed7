import { type ErrorCode, errorCodes, errorTable } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { type Answer, readProblem } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';
import { head, sendRaw } from '../support/raw-connection.ts';

onBothEngines((at) => {
  /** A refusal for each code that a request can bring about, on the framework's routes and on the hot path. */
  const refusals: [ErrorCode, string, () => Promise<Answer>][] = [
    ['validation_failed', 'a list', () => at.admin.send('listProjects', { query: { limit: 'x' } })],
    ['validation_failed', 'a verification', () => at.admin.send('verify', { body: {} })],
    ['owner_not_member', 'a key', () => createKey({ ownerId: 'acc_x' })],
    ['unauthenticated', 'a list', () => at.as(null).send('listProjects')],
    ['unauthenticated', 'a verification', () => at.as(null).send('verify', { body: { key: 'x' } })],
    ['forbidden', 'a list', async () => (await at.createServiceKey(null, ['verify'])).send('listProjects')],
    [
      'forbidden',
      'a verification',
      async () => (await at.createServiceKey(null, ['admin'])).send('verify', { body: { key: 'x' } }),
    ],
    ['not_found', 'a key', () => at.admin.send('getKey', { params: { keyId: 'x' } })],
    ['not_found', 'no address at all', () => at.admin.request('GET', '/v1/nothing')],
    ['not_found', 'an address outside of the API', () => at.admin.request('GET', '/nothing?at=all')],
    ['method_not_allowed', 'a list', () => at.admin.request('PUT', '/v1/projects', { body: {} })],
    ['method_not_allowed', 'a verification', () => at.admin.request('GET', '/v1/verify')],
    ['key_limit_reached', 'a key', () => createKey({ ownerId: 'anna' }, { maxKeysPerOwner: 1 })],
    ['name_taken', 'a key', () => createKey({ ownerId: 'anna', name: 'Key 1' })],
    ['key_revoked', 'a key', async () => revokeTwice()],
    ['slug_taken', 'a channel', async () => takeSlug()],
    ['channel_in_use', 'a channel', async () => deleteUsedChannel()],
    [
      'payload_too_large',
      'a project',
      () => at.admin.request('POST', '/v1/projects', { raw: ' '.repeat(2 ** 21) }),
    ],
    [
      'payload_too_large',
      'a verification',
      () => at.admin.request('POST', '/v1/verify', { raw: ' '.repeat(2 ** 21) }),
    ],
    ['unsupported_media_type', 'a project', () => sendText('/v1/projects')],
    ['unsupported_media_type', 'a verification', () => sendText('/v1/verify')],
  ];
  const sendText = (path: string) =>
    at.admin.request('POST', path, { raw: '{}', headers: { 'Content-Type': 'text/plain' } });
  const createKey = async (body: object, policy = {}) => {
    const { id: projectId } = await at.createProject({ policy });
    await at.createKey(projectId, { ownerId: 'anna' });
    return at.admin.send('createKey', { params: { projectId }, body });
  };
  const revokeTwice = async () => {
    const { key } = await at.createKey((await at.createProject()).id);
    await at.admin.call('revokeKey', { params: { keyId: key.id } });
    return at.admin.send('activateKey', { params: { keyId: key.id } });
  };
  const takeSlug = async () => {
    const { id: projectId } = await at.createProject();
    const { slug } = await at.createChannel(projectId);
    return at.admin.send('createChannel', { params: { projectId }, body: { slug, name: 'x' } });
  };
  const deleteUsedChannel = async () => {
    const { id: projectId } = await at.createProject();
    const { id: channelId } = await at.createChannel(projectId);
    await at.createKey(projectId, { channelId });
    return at.admin.send('deleteChannel', { params: { channelId } });
  };

  test.each(refusals)('%s from %s is a whole problem, whose page the server has', async (code, _, refuse) => {
    const answer = await refuse();
    const problem = readProblem(answer);
    const { status, title } = errorTable[code];
    expect(problem).toMatchObject({ code, status, title, type: `${at.url}/problems/${code}` });
    expect(answer.status).toBe(status);
    expect(problem.detail).not.toBe('');
    expect(problem.instance).toMatch(/^\/[^?]*$/);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(answer.headers.has('WWW-Authenticate')).toBe(status === 401);
    expect(answer.headers.has('Allow')).toBe(status === 405);
    expect(problem.errors !== undefined).toBe(code === 'validation_failed');

    const page = await fetch(problem.type);
    expect(page.status).toBe(200);
    expect(page.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain(`<code>${code}</code>`);
  });

  test('every code has its page, and the index lists them all', async () => {
    const get = async (path: string) => {
      const { status, headers, text } = await at.as(null).request('GET', path);
      expect([path, status, headers.get('Content-Type')]).toEqual([path, 200, 'text/html; charset=utf-8']);
      const policy = headers.get('Content-Security-Policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(text).not.toMatch(/<script|onload=|style="/);
      return text;
    };
    const index = await get('/problems');
    for (const code of errorCodes) {
      expect(index).toContain(`href="problems/${code}"`);
      const page = await get(`/problems/${code}`);
      expect(page).toContain(`<code>${code}</code>`);
      expect(page).toContain(`HTTP ${errorTable[code].status}`);
    }
    for (const path of ['/problems/unknown', '/problems/', '/problems/internal/', '/problems/INTERNAL']) {
      expect((await at.as(null).request('GET', path)).status).toBe(404);
    }
  });

  describe('request ids', () => {
    const paths = ['/v1/projects', '/v1/nothing', '/healthz', '/docs', '/v1/openapi.json', '/problems'];

    test('a sane one of the caller is taken, everywhere', async () => {
      for (const id of ['a', 'A-1._z', '0'.repeat(128), '1234567890abcdef', '..', '-']) {
        for (const path of paths) {
          const { headers } = await at.admin.request('GET', path, { headers: { 'X-Request-Id': id } });
          expect(headers.get('X-Request-Id'), path).toBe(id);
        }
        const { requestId } = await at
          .as(null)
          .refuse('verify', { body: {}, headers: { 'X-Request-Id': id } });
        expect(requestId).toBe(id);
      }
    });

    test('another one is replaced, and none is given one, each a new one', async () => {
      const seen = new Set<string>();
      for (const id of [
        '',
        ' ',
        'a b',
        'a"b',
        'a,b',
        '<x>',
        'é',
        '0'.repeat(129),
        'a/b',
        'a:b',
        '{}',
        "'",
        'a\tb',
      ]) {
        for (const path of ['/v1/projects', '/v1/nothing']) {
          const { headers } = await at.admin.request('GET', path, { headers: { 'X-Request-Id': id } });
          const given = headers.get('X-Request-Id') ?? '';
          expect(given, id).toMatch(/^req_[A-Za-z0-9_-]{20}$/);
          seen.add(given);
        }
        const { headers } = await at.admin.send('verify', {
          body: { key: 'x' },
          headers: { 'X-Request-Id': id },
        });
        const given = headers.get('X-Request-Id') ?? '';
        expect(given, id).toMatch(/^req_[A-Za-z0-9_-]{20}$/);
        seen.add(given);
      }
      expect(seen.size).toBe(13 * 3);
    });

    test('sent twice it is replaced, and cannot break a header or a body', async () => {
      const request = head(
        'GET /v1/nothing HTTP/1.1',
        'Host: x',
        'X-Request-Id: a',
        'X-Request-Id: b',
        'Connection: close',
      );
      const { responses } = await sendRaw(at.url, request);
      expect(responses.map(({ headers }) => headers.get('x-request-id'))).toEqual([
        expect.stringMatching(/^req_/),
      ]);
    });
  });

  test('Cache-Control: no-store on every answer of the API, errors and successes', async () => {
    const { id: projectId } = await at.createProject();
    const { key, secret } = await at.createKey(projectId);
    const answers = await Promise.all([
      at.admin.send('listProjects'),
      at.admin.send('getProject', { params: { projectId } }),
      at.admin.send('createKey', { params: { projectId }, body: {} }),
      at.admin.send('rotateKey', { params: { keyId: key.id } }),
      at.admin.send('verify', { body: { key: secret } }),
      at.admin.send('verifyBatch', { body: { requests: [{ key: secret }] } }),
      at.admin.send('listLedger'),
      at.admin.send('listLedger', { headers: { Accept: 'application/x-ndjson' } }),
      at.admin.request('GET', '/v1/nothing'),
      at.admin.request('GET', '/healthz'),
      at.admin.request('GET', '/readyz'),
      at.admin.request('GET', '/metrics'),
    ]);
    for (const { headers } of answers) {
      expect(headers.get('Cache-Control')).toBe('no-store');
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.has('X-Powered-By')).toBe(false);
      expect(headers.has('Access-Control-Allow-Origin')).toBe(false);
    }
  });

  test('an error repeats nothing of what was sent but the names of fields, and those cut short', async () => {
    const { secret } = await at.createServiceKey(null);
    const answers = [
      await at.admin.send('createProject', { body: { name: 'x', [secret]: secret } }),
      await at.admin.send('createProject', {
        body: { name: [secret], preset: secret, policy: { format: secret } },
      }),
      await at.admin.request('POST', '/v1/projects', { raw: `{"name":"x", ${secret}` }),
      await at.admin.send('verify', { body: { key: secret, channel: secret } }),
      await at.admin.send('verify', { body: { key: secret, ip: secret, scopes: [secret] } }),
      await at.admin.send('listKeys', { params: { projectId: secret } }),
      await at.admin.send('listProjects', { query: { cursor: secret, [secret]: secret } }),
    ];
    for (const answer of answers) {
      expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
      const { instance: _, ...problem } = readProblem(answer);
      expect(JSON.stringify(problem)).not.toContain(secret.slice(0, 41));
    }
  });
});

describe('behind a proxy', () => {
  onBothEngines(
    (at) => {
      test('the type of a problem begins with the public address', async () => {
        const { type } = await at.as(null).refuse('listProjects');
        expect(type).toBe('https://keys.example.org/kw/problems/unauthenticated');
      });
    },
    { env: { KEYWRIGHT_PUBLIC_URL: 'https://keys.example.org/kw/' } },
  );
});
