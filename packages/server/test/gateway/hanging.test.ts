import { expect, onTestFinished, test } from 'vitest';
import { expectUndecided } from './support/denied.ts';
import { bearer, behindEachProxy } from './support/guarded-api.ts';
import { findFreePort, startProxy } from './support/proxy.ts';
import { send } from './support/send.ts';

/** What a client has to wait for at most, on a busy machine. */
const longestMs = 9000;

behindEachProxy((at) => {
  test('Keywright hangs: 503 in a while, no request passes, and all is well again after it', async () => {
    const { secret } = await at.createKey();
    const headers = [bearer(secret)];
    expect((await at.send('/things', { headers })).status).toBe(200);
    at.upstream.forget();
    process.kill(at.service.pid, 'SIGSTOP');
    onTestFinished(() => void process.kill(at.service.pid, 'SIGCONT'));
    const from = performance.now();
    const answers = await Promise.all([
      at.send('/things', { headers }),
      at.send('/things', { method: 'POST', headers, body: Buffer.alloc(100_000) }),
      at.send('/things'),
    ]);
    for (const answer of answers) expectUndecided(at, answer);
    expect(performance.now() - from).toBeLessThan(longestMs);
    process.kill(at.service.pid, 'SIGCONT');
    await expect.poll(async () => (await at.send('/things', { headers })).status).toBe(200);
  });

  test('an API that is down is no fault of Keywright’s', async () => {
    const { secret } = await at.createKey();
    const proxy = await startProxy(at.proxy.name, {
      channel: at.channel.slug,
      keywright: at.relay.address,
      upstream: `127.0.0.1:${await findFreePort()}`,
    });
    const { status } = await send(proxy.url, '/things', { headers: [bearer(secret)] });
    expect(status).toBe(proxy.name === 'haproxy' ? 503 : 502);
    expect((await send(proxy.url, '/things')).status).toBe(401);
  });
});
