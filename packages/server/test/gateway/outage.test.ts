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
});

async function makeKey({ url, bootstrapKey }: RunningService): Promise<string> {
  const admin = client(url, bootstrapKey);
  const { id: projectId } = await admin.call('createProject', { body: { name: 'Orders' } });
  await admin.call('createChannel', { params: { projectId }, body: { slug: 'orders', name: 'Orders' } });
  const { secret } = await admin.call('createKey', { params: { projectId }, body: {} });
  return secret;
}
