// Channels must not lead to what only this server can reach.
import { describe, expect, test } from 'vitest';
import { client } from '../support/client.ts';
import { onOneEngine } from '../support/installation.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { startUpstream } from './support/upstream.ts';

onOneEngine(
  (at) => {
    const setUpstream = async (upstream: string) => {
      const { id: projectId } = await at.createProject();
      const channel = await at.createChannel(projectId);
      const made = await at.admin.send('createChannel', {
        params: { projectId },
        body: { slug: at.uniqueName('up'), name: 'x', upstream },
      });
      const changed = await at.admin.send('updateChannel', {
        params: { channelId: channel.id },
        body: { upstream },
      });
      return { made, changed, channelId: channel.id };
    };

    describe('refused when it is set', () => {
      test.each([
        ['http://169.254.169.254/latest/meta-data', 'nothing is ever sent there'],
        ['http://[::ffff:169.254.169.254]/', 'nothing is ever sent there'],
        ['http://2852039166/', 'nothing is ever sent there'],
        ['http://0xa9.0xfe.0xa9.0xfe/', 'nothing is ever sent there'],
        ['http://0.0.0.0:8787/', 'nothing is ever sent there'],
        ['http://[fe80::1]/', 'nothing is ever sent there'],
        ['http://[fd00:ec2::254]/', 'nothing is ever sent there'],
        ['http://168.63.129.16/', 'nothing is ever sent there'],
        ['http://127.0.0.1:8787/', 'KEYWRIGHT_UPSTREAM_ALLOW'],
        ['http://127.1/', 'KEYWRIGHT_UPSTREAM_ALLOW'],
        ['http://localhost:8787/', 'KEYWRIGHT_UPSTREAM_ALLOW'],
        ['http://[::1]/', 'KEYWRIGHT_UPSTREAM_ALLOW'],
        ['http://192.168.1.1/', 'KEYWRIGHT_UPSTREAM_ALLOW'],
        ['http://[64:ff9b::7f00:1]/', 'KEYWRIGHT_UPSTREAM_ALLOW'],
      ])('%s', async (upstream, reason) => {
        const { made, changed } = await setUpstream(upstream);
        for (const { status, json } of [made, changed]) {
          expect(status).toBe(400);
          expect(json).toMatchObject({ code: 'validation_failed', errors: [{ path: 'upstream' }] });
          expect(JSON.stringify(json)).toContain(reason);
        }
      });
    });

    test('allowed: a public address, what the administrator allowed, and a name that is not known yet', async () => {
      for (const upstream of ['https://93.184.215.14/', 'http://10.1.2.3/v1', 'http://nowhere.invalid/']) {
        const { made, changed } = await setUpstream(upstream);
        expect([made.status, changed.status], JSON.stringify([made.json, changed.json])).toEqual([201, 200]);
      }
    });

    test('who may not change a channel learns nothing of the network', async () => {
      const { id } = await at.createProject();
      const channel = await at.createChannel(id);
      const reader = await at.createServiceKey(id, ['channels:read']);
      const { status } = await reader.send('updateChannel', {
        params: { channelId: channel.id },
        body: { upstream: 'http://169.254.169.254/' },
      });
      expect(status).toBe(403);
    });
  },
  { env: { KEYWRIGHT_UPSTREAM_ALLOW: '10.0.0.0/8,169.254.0.0/16' } },
);

test('looked at again at each connection: an address, or a name that leads there, that is no longer allowed', async () => {
  const upstream = await startUpstream();
  const first = await startService({ env: { KEYWRIGHT_UPSTREAM_ALLOW: '127.0.0.0/8,::1' } });
  const { port } = new URL(upstream.url);
  const admin = client(first.url, first.bootstrapKey);
  const { id: projectId } = await admin.call('createProject', { body: { name: 'P' } });
  for (const [slug, host] of Object.entries({ address: '127.0.0.1', name: 'localhost' })) {
    const body = { slug, name: slug, upstream: `http://${host}:${port}` };
    await admin.call('createChannel', { params: { projectId }, body });
  }
  const { secret } = await admin.call('createKey', { params: { projectId }, body: {} });
  const get = async (service: RunningService, slug: string) => {
    const { status, headers } = await client(service.gatewayUrl, secret).request('GET', `/${slug}/x`);
    return [status, headers.get('X-Keywright-Code')];
  };
  expect(await get(first, 'address')).toEqual([200, null]);
  expect(await get(first, 'name')).toEqual([200, null]);
  const { dataDir } = first;
  await first.stop();
  const second = await startService({ dataDir, env: { KEYWRIGHT_UPSTREAM_ALLOW: undefined } });
  const before = upstream.received.length;
  expect(await get(second, 'address')).toEqual([502, 'upstream_forbidden']);
  expect(await get(second, 'name')).toEqual([502, 'upstream_forbidden']);
  expect(upstream.received.length).toBe(before);
  await second.stop();
  await upstream.close();
});

test('a channel does not lead to this program itself, which would take it for a program of this machine', async () => {
  const service = await startService();
  const admin = client(service.url, service.bootstrapKey);
  const { id: projectId } = await admin.call('createProject', { body: { name: 'P' } });
  const { secret } = await admin.call('createKey', { params: { projectId }, body: {} });
  const places = [service.url, service.gatewayUrl].map((url) => new URL(url).port);
  for (const [i, port] of places.entries()) {
    for (const [j, host] of ['127.0.0.1', 'localhost', '127.0.0.2'].entries()) {
      const slug = `self-${i}-${j}`;
      const body = { slug, name: slug, upstream: `http://${host}:${port}` };
      await admin.call('createChannel', { params: { projectId }, body });
      const { status, headers } = await client(service.gatewayUrl, secret).request('GET', `/${slug}/healthz`);
      // A server that listens on 127.0.0.1 alone is not at the other address.
      const codes =
        host === '127.0.0.2' ? ['upstream_forbidden', 'upstream_unreachable'] : ['upstream_forbidden'];
      expect(status).toBe(502);
      expect(codes).toContain(headers.get('X-Keywright-Code'));
    }
  }
  await service.stop();
});
