import { describe, expect, test } from 'vitest';
import { client } from '../support/client.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { expectUndecided } from './support/denied.ts';
import { bearer } from './support/guarded-api.ts';
import { findFreePort, proxies, startProxy } from './support/proxy.ts';
import { send } from './support/send.ts';
import { startUpstream } from './support/upstream.ts';

/** For three of them: nobody is listening, and that is known at once. */
const longestRefusalsMs = 4500;

describe.each(proxies)('behind %s', (name) => {
  test('Keywright is down: 503, no request passes, and all is well when it is back', async () => {
    const upstream = await startUpstream();
    const port = String(await findFreePort());
    const service = await startService({ env: { KEYWRIGHT_PORT: port } });
    const secret = await makeKey(service);
    const keywright = `127.0.0.1:${port}`;
    const proxy = await startProxy(name, { channel: 'orders', keywright, upstream: upstream.address });
    const ask = () => send(proxy.url, '/things', { headers: [bearer(secret)] });
    expect((await ask()).status).toBe(200);

    await service.kill();
    upstream.forget();
    const from = performance.now();
    for (let i = 0; i < 3; i++) expectUndecided({ upstream, proxy }, await ask());
    expect(performance.now() - from).toBeLessThan(longestRefusalsMs);
    const env = { KEYWRIGHT_PORT: port, KEYWRIGHT_BOOTSTRAP_KEY: service.bootstrapKey };
    await startService({ dataDir: service.dataDir, env });
    await expect.poll(async () => (await ask()).status).toBe(200);
  });

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
    const token = 'x'.repeat(32);
    const service = await startService({ env: { KEYWRIGHT_AUTH_TOKEN: token, KEYWRIGHT_AUTH_PORT: '0' } });
    const secret = await makeKey(service);
    const authUrl = /"authUrl":"([^"]+)"/.exec(service.logs())?.[1] ?? '';
    const values = { channel: 'orders', keywright: new URL(authUrl).host, upstream: upstream.address };
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

async function makeKey({ url, bootstrapKey }: RunningService): Promise<string> {
  const admin = client(url, bootstrapKey);
  const { id: projectId } = await admin.call('createProject', { body: { name: 'Orders' } });
  await admin.call('createChannel', { params: { projectId }, body: { slug: 'orders', name: 'Orders' } });
  const { secret } = await admin.call('createKey', { params: { projectId }, body: {} });
  return secret;
}
