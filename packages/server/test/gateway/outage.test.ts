import { describe, expect, test } from 'vitest';
import { client } from '../support/client.ts';
import { startService } from '../support/running-service.ts';
import { expectUndecided } from './support/denied.ts';
import { bearer } from './support/guarded-api.ts';
import { findFreePort, proxies, startProxy } from './support/proxy.ts';
import { send } from './support/send.ts';
import { startUpstream } from './support/upstream.ts';

describe.each(proxies)('behind %s', (name) => {
  test('Keywright is down: 503, no request passes, and all is well when it is back', async () => {
    const upstream = await startUpstream();
    const port = String(await findFreePort());
    const service = await startService({ env: { KEYWRIGHT_PORT: port } });
    const admin = client(service.url, service.bootstrapKey);
    const { id: projectId } = await admin.call('createProject', { body: { name: 'Orders' } });
    await admin.call('createChannel', { params: { projectId }, body: { slug: 'orders', name: 'Orders' } });
    const { secret } = await admin.call('createKey', { params: { projectId }, body: {} });
    const keywright = `127.0.0.1:${port}`;
    const proxy = await startProxy(name, { channel: 'orders', keywright, upstream: upstream.address });
    const ask = () => send(proxy.url, '/things', { headers: [bearer(secret)] });
    expect((await ask()).status).toBe(200);

    await service.kill();
    upstream.forget();
    for (let i = 0; i < 3; i++) expectUndecided({ upstream, proxy }, await ask());
    const env = { KEYWRIGHT_PORT: port, KEYWRIGHT_BOOTSTRAP_KEY: service.bootstrapKey };
    await startService({ dataDir: service.dataDir, env });
    await expect.poll(async () => (await ask()).status).toBe(200);
  });

  test('Keywright knows no such channel, or does not let this proxy ask: no request passes', async () => {
    const upstream = await startUpstream();
    const service = await startService({ env: { KEYWRIGHT_AUTH_TOKEN: 'x'.repeat(32) } });
    const admin = client(service.url, service.bootstrapKey);
    const { id: projectId } = await admin.call('createProject', { body: { name: 'Orders' } });
    await admin.call('createChannel', { params: { projectId }, body: { slug: 'orders', name: 'Orders' } });
    const { secret } = await admin.call('createKey', { params: { projectId }, body: {} });
    const values = { channel: 'orders', keywright: new URL(service.url).host, upstream: upstream.address };
    const ask = async (given: Parameters<typeof startProxy>[1], headers: [string, string][] = []) => {
      const proxy = await startProxy(name, given);
      return send(proxy.url, '/things', { headers: [bearer(secret), ...headers] });
    };
    const token = 'x'.repeat(32);
    expect((await ask({ ...values, channel: 'none', token })).status).toBe(503);
    expect((await ask(values)).status).toBe(403);
    // Only the proxy itself can prove itself.
    expect((await ask({ ...values, token: 'wrong' }, [['X-Keywright-Token', token]])).status).toBe(403);
    expect(upstream.received).toEqual([]);
    expect((await ask({ ...values, token })).status).toBe(200);
    expect(JSON.stringify(upstream.received)).not.toContain(token);
  });
});
