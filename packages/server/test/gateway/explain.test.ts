import { expect, test } from 'vitest';
import { keywright, settingsOf } from '../process/support/program.ts';
import { client } from '../support/client.ts';
import { createDirectory } from '../support/engines.ts';
import { startService } from '../support/running-service.ts';
import { ask, doorNames, withKey } from './support/doors.ts';

const names = {
  'forward-auth': 'forward auth (/forward-auth)',
  'auth-request': 'a subrequest of a proxy (/auth-request)',
  'ext-authz': 'external authorization (/ext-authz)',
};

test('keywright explain says of a denial at which door it was, for which request, and why', {
  timeout: 240_000,
}, async () => {
  const place = await createDirectory();
  const service = await startService({ env: settingsOf(place) });
  const api = client(service.url, service.bootstrapKey);
  const { id: projectId } = await api.call('createProject', { body: { name: 'Project' } });
  const gateway = { scopeRules: [{ method: 'POST', path: '/orders/*', scopes: ['orders:write'] }] };
  await api.call('createChannel', {
    params: { projectId },
    body: { slug: 'orders', name: 'Orders', gateway },
  });
  const { key, secret } = await api.call('createKey', {
    params: { projectId },
    body: { name: 'Night job' },
  });
  const explain = (id: string) => keywright(['explain', id], { env: settingsOf(place) });
  for (const door of doorNames) {
    const { headers } = await ask(service.url, door, 'orders', {
      method: 'POST',
      target: `/orders/${secret}?x=${'y'.repeat(10)}`,
      ip: '192.0.2.1',
      headers: withKey(secret),
    });
    const id = String(headers['x-request-id']);
    await expect.poll(async () => (await explain(id)).code, { timeout: 60_000, interval: 200 }).toBe(0);
    const { stdout } = await explain(id);
    expect(stdout).toContain(`the request ${id} asked whether the key "Night job" (${key.id}) may pass`);
    expect(stdout).toContain(
      'for POST /orders/[secret], at the channel orders, with the scope orders:write, from 192.0.2.1',
    );
    expect(stdout).toContain(`It came through ${names[door]}, and was refused as "insufficient_scope".`);
    expect(stdout).toContain('The key lacked the scope orders:write.');
    expect(stdout).not.toContain(secret.slice(5, 60));
  }
  const { headers } = await ask(service.url, 'auth-request', 'orders', { target: '/health' });
  const id = String(headers['x-request-id']);
  await expect.poll(async () => (await explain(id)).code, { timeout: 60_000, interval: 200 }).toBe(0);
  expect((await explain(id)).stdout).toContain('The request carried no key, more than one,');
});
