import { beforeAll, describe, expect, test } from 'vitest';
import { client } from '../support/client.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { bearer } from './support/guarded-api.ts';
import { proxies, startProxy } from './support/proxy.ts';
import { send } from './support/send.ts';
import { startUpstream } from './support/upstream.ts';

const token = 'x'.repeat(32);
let service: RunningService;
let secret: string;

beforeAll(async () => {
  service = await startService({ env: { KEYWRIGHT_AUTH_TOKEN: token, KEYWRIGHT_AUTH_PORT: '0' } });
  const admin = client(service.url, service.bootstrapKey);
  const { id: projectId } = await admin.call('createProject', { body: { name: 'Orders' } });
  await admin.call('createChannel', { params: { projectId }, body: { slug: 'orders', name: 'Orders' } });
  ({ secret } = await admin.call('createKey', { params: { projectId }, body: {} }));
});

describe.each(proxies)('behind %s', (name) => {
  test('something else answers in its place, to everything with 200: no request passes', async () => {
    const [upstream, stranger] = [await startUpstream(), await startUpstream()];
    const values = { channel: 'orders', keywright: stranger.address, upstream: upstream.address };
    const proxy = await startProxy(name, values);
    const { status } = await send(proxy.url, '/things', { headers: [['X-Keywright-Key-Id', 'forged']] });
    expect(status).toBe(name === 'nginx' ? 502 : 503);
    expect([stranger.received.length, upstream.received.length]).toEqual([1, 0]);
  });

  test('Keywright knows no such channel, or does not let this proxy ask: no request passes', async () => {
    const upstream = await startUpstream();
    const values = {
      channel: 'orders',
      keywright: new URL(service.authUrl ?? '').host,
      upstream: upstream.address,
    };
    const ask = async (given: Parameters<typeof startProxy>[1], headers: [string, string][] = []) => {
      const proxy = await startProxy(name, given);
      return (await send(proxy.url, '/things', { headers: [bearer(secret), ...headers] })).status;
    };
    expect(await ask({ ...values, channel: 'none', token })).toBe(503);
    // Where the routes have a port of their own, the other one holds none of them, but pages for people.
    const html: [string, string] = ['Accept', 'text/html'];
    expect(await ask({ ...values, keywright: new URL(service.url).host, token }, [html])).toBe(503);
    expect(await ask(values)).toBe(403);
    // Only the proxy itself can prove itself.
    expect(await ask({ ...values, token: 'wrong' }, [['X-Keywright-Token', token]])).toBe(403);
    expect(upstream.received).toEqual([]);
    expect(await ask({ ...values, token })).toBe(200);
    expect(JSON.stringify(upstream.received)).not.toContain(token);
  });
});
