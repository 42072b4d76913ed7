import { describe, expect, test } from 'vitest';
import { client } from '../support/client.ts';
import { type RunningService, type ServiceOptions, startService } from '../support/running-service.ts';
import { ask, asked, authUrlOf, doorNames, send, withKey } from './support/doors.ts';

const token = 'said-by-the-proxies';

async function start(options: ServiceOptions) {
  const service = await startService(options);
  const api = client(service.url, service.bootstrapKey);
  const { id: projectId } = await api.call('createProject', { body: { name: 'Project' } });
  const { slug } = await api.call('createChannel', {
    params: { projectId },
    body: { slug: 'orders', name: 'Orders' },
  });
  const { secret } = await api.call('createKey', { params: { projectId }, body: { name: 'Key' } });
  return { service, api, slug, secret };
}

/** What each door answers a good key with; the program that asks comes from an address of this machine. */
async function statuses(
  url: string,
  { slug, secret }: { slug: string; secret: string },
  {
    from = '127.0.0.1',
    headers = [],
  }: { from?: string; headers?: readonly (readonly [string, string])[] } = {},
): Promise<number[]> {
  const answers = doorNames.map((door) => {
    const asking = asked(door, slug, { headers: [...withKey(secret), ...headers] });
    return send(url, { ...asking, localAddress: from });
  });
  return (await Promise.all(answers)).map(({ status }) => status);
}

const all = (status: number) => doorNames.map(() => status);

describe('a port for proxies alone', () => {
  test('has the doors and nothing else, and the main port has them no more', async () => {
    const { service, slug, secret } = await start({ env: { KEYWRIGHT_AUTH_PORT: '0' } });
    const authUrl = authUrlOf(service);
    expect(await statuses(authUrl, { slug, secret })).toEqual(all(200));
    expect(await statuses(service.url, { slug, secret })).toEqual(all(404));
    const authorization = ['Authorization', `Bearer ${service.bootstrapKey}`] as const;
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/healthz'],
      ['GET', '/readyz'],
      ['GET', '/metrics'],
      ['GET', '/docs'],
      ['GET', '/v1/openapi.json'],
      ['GET', '/v1/projects'],
      ['GET', '/v1/me'],
      ['POST', '/v1/verify'],
      ['POST', '/api/auth/sign-in/email'],
      ['GET', '/setup'],
      ['OPTIONS', '*'],
    ] as const) {
      const answer = await send(authUrl, { method, path, headers: [authorization] });
      expect([path, answer.status, answer.problem.code]).toEqual([path, 404, 'not_found']);
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.text).not.toContain(service.bootstrapKey);
    }
    // And the main port is as it was.
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
  });

  test('listens where it is told to, apart from the main one', async () => {
    const env = { KEYWRIGHT_AUTH_PORT: '0', KEYWRIGHT_AUTH_HOST: '127.0.0.2' };
    const { service, slug, secret } = await start({ env });
    const url = new URL(authUrlOf(service));
    expect(url.hostname).toBe('127.0.0.2');
    expect(await statuses(url.origin, { slug, secret })).toEqual(all(200));
    url.hostname = '127.0.0.1';
    await expect(statuses(url.origin, { slug, secret })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('that is taken is said in a sentence that names its setting', async () => {
    const { service } = await start({ env: { KEYWRIGHT_AUTH_PORT: '0' } });
    const { port } = new URL(authUrlOf(service));
    await expect(startService({ env: { KEYWRIGHT_AUTH_PORT: port } })).rejects.toThrow(/--auth-port/);
  });
});

describe('who may ask', () => {
  // All of 127.0.0.0/8 is this machine; the peer is what the connection comes from, and no header.
  const lies = ['X-Forwarded-For', 'X-Real-IP', 'Forwarded'].map((name) => [name, '127.0.0.1'] as const);

  test('is this machine, when nothing is said: at the main port, whatever trusted proxies say', async () => {
    const { service, ...key } = await start({});
    for (const from of ['127.0.0.1', '127.0.0.2'])
      expect(await statuses(service.url, key, { from })).toEqual(all(200));
  });

  test.each(['main', 'auth'])('is a list of addresses, at the %s port', async (where) => {
    const port = where === 'auth' ? { KEYWRIGHT_AUTH_PORT: '0' } : {};
    const { service, ...key } = await start({
      env: { ...port, KEYWRIGHT_AUTH_CALLERS: '127.0.0.1,10.0.0.0/8' },
    });
    const url = where === 'auth' ? authUrlOf(service) : service.url;
    expect(await statuses(url, key)).toEqual(all(200));
    expect(await statuses(url, key, { from: '127.0.0.2' })).toEqual(all(403));
    const [door = 'ext-authz'] = doorNames;
    const asking = asked(door, key.slug, { headers: withKey(key.secret) });
    for (const lie of [...lies, ['X-Keywright-Token', token] as const]) {
      const headers = [...asking.headers, lie];
      const denied = await send(url, { ...asking, headers, localAddress: '127.0.0.2' });
      expect(denied).toMatchObject({ status: 403, problem: { code: 'forbidden' } });
      expect(Object.keys(denied.headers).filter((name) => name.startsWith('x-keywright'))).toEqual([]);
    }
    // No more is told to who may not ask than that: not which channels there are, nor which keys hold.
    const noChannel = await ask(url, door, 'no-such');
    expect(noChannel.status).toBe(404);
    const hidden = await send(url, { ...asked(door, 'no-such'), localAddress: '127.0.0.2' });
    expect(hidden.status).toBe(403);
  });

  test('is whoever sends the token, from wherever', async () => {
    const { service, ...key } = await start({ env: { KEYWRIGHT_AUTH_TOKEN: token } });
    const says = (value: string) => [['X-Keywright-Token', value] as const];
    for (const from of ['127.0.0.1', '127.0.0.2']) {
      expect(await statuses(service.url, key, { from, headers: says(token) })).toEqual(all(200));
      expect(await statuses(service.url, key, { from })).toEqual(all(403));
    }
    for (const headers of [
      says(''),
      says('wrong'),
      says(`${token}x`),
      says(token.toUpperCase()),
      says(`Bearer ${token}`),
      [...says(token), ...says(token)],
      [...says('wrong'), ...says(token)],
    ])
      expect(await statuses(service.url, key, { headers }), JSON.stringify(headers)).toEqual(all(403));
    const [door = 'ext-authz'] = doorNames;
    const inQuery = asked(door, key.slug, { headers: withKey(key.secret) });
    expect(
      (await send(service.url, { ...inQuery, path: `${inQuery.path}?X-Keywright-Token=${token}` })).status,
    ).toBe(403);
    expect(service.logs()).not.toContain(token);
  });

  test('is who does both, when both are set', async () => {
    const env = { KEYWRIGHT_AUTH_TOKEN: token, KEYWRIGHT_AUTH_CALLERS: '127.0.0.2' };
    const { service, ...key } = await start({ env });
    const headers = [['X-Keywright-Token', token] as const];
    expect(await statuses(service.url, key, { from: '127.0.0.2', headers })).toEqual(all(200));
    expect(await statuses(service.url, key, { from: '127.0.0.2' })).toEqual(all(403));
    expect(await statuses(service.url, key, { from: '127.0.0.1', headers })).toEqual(all(403));
  });

  test('says nothing about who may use the rest', async () => {
    const { service, api } = await start({ env: { KEYWRIGHT_AUTH_CALLERS: '10.0.0.0/8' } });
    await api.call('getMe');
    expect(await ping(service)).toBe(200);
  });
});

async function ping({ url }: RunningService): Promise<number> {
  return (await fetch(`${url}/healthz`)).status;
}
