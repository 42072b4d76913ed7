import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { generateSecret } from '../../src/keys/secret-format.ts';
import { readProblem } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';

const token = 'a-token-of-the-metrics';

/** The value of a series of the text format; 0 when it is not there. */
function readSeries(metrics: string, series: string): number {
  const line = metrics.split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? 0 : Number(line.slice(series.length + 1));
}

/** An address of this machine that is not its loopback. */
function otherAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
}

describe('without a metrics token', () => {
  onBothEngines((at) => {
    const metrics = async () => (await at.as(null).request('GET', '/metrics')).text;

    test('/healthz and /readyz answer anybody', async () => {
      const alive = await at.as(null).request('GET', '/healthz');
      expect([alive.status, alive.json]).toEqual([200, { status: 'ok' }]);
      const ready = await at.as(null).request('GET', '/readyz');
      expect([ready.status, ready.json]).toEqual([
        200,
        {
          ready: true,
          checks: {
            database: { ok: true, detail: expect.any(String) },
            lease: { ok: true, detail: expect.any(String) },
            clock: { ok: true, detail: expect.any(String) },
            limiter: { ok: true, detail: expect.stringContaining('in the memory of this process') },
            changes: { ok: true, detail: expect.any(String) },
          },
        },
      ]);
    });

    test('a HEAD is answered as a GET, without a body', async () => {
      for (const path of ['/healthz', '/readyz', '/', '/docs', '/problems', '/v1/openapi.json', '/metrics']) {
        const { status, text } = await at.as(null).request('HEAD', path);
        expect([path, status, text]).toEqual([path, 200, '']);
      }
    });

    test('/metrics answers a program on this machine', async () => {
      const { status, headers, text } = await at.as(null).request('GET', '/metrics');
      expect(status).toBe(200);
      expect(headers.get('Content-Type')).toMatch(/^(text\/plain|application\/openmetrics-text); /);
      expect(text).toContain('# TYPE keywright_verifications_total counter');
      expect(text).toContain('process_cpu_seconds_total');
    });

    test('403 for who comes through a proxy, whatever it sends along', async () => {
      for (const headers of [
        { 'X-Forwarded-For': '203.0.113.7' },
        { 'X-Forwarded-For': '127.0.0.1' },
        { 'X-Forwarded-For': '::1, 127.0.0.1' },
        { 'x-real-ip': '127.0.0.1' },
        { Forwarded: 'for=127.0.0.1' },
        { 'X-Forwarded-For': '127.0.0.1', Authorization: `Bearer ${at.service.bootstrapKey}` },
        { 'X-Forwarded-For': '127.0.0.1', Authorization: 'Bearer null' },
      ]) {
        const answer = await at.as(null).request('GET', '/metrics', { headers });
        expect(readProblem(answer)).toMatchObject({ status: 403, code: 'forbidden' });
        expect(answer.text).not.toContain('keywright_http');
      }
    });

    test('verifications are counted by their code', async () => {
      const { key, secret } = await at.createKey((await at.createProject()).id);
      const series = (code: string) => `keywright_verifications_total{code="${code}"}`;
      const ask = (body: { key: string }) => at.admin.call('verify', { body });
      // Nobody waits for what was created to be applied; what comes late would drop the key from memory again.
      const head = await at.ledgerHead();
      await expect.poll(async () => readSeries(await metrics(), 'keywright_ledger_applied_seq')).toBe(head);
      await ask({ key: secret });
      const before = await metrics();
      for (let i = 0; i < 3; i++) await ask({ key: secret });
      await ask({ key: 'x' });
      await ask({ key: generateSecret('kw').reveal() });
      await at.admin.call('revokeKey', { params: { keyId: key.id } });
      await at.admin.call('verifyBatch', {
        body: { requests: [{ key: secret }, { key: secret }, { key: 'x' }] },
      });
      await at.admin.refuse('verify', { body: {} });
      const after = await metrics();
      const grown = (name: string) => readSeries(after, name) - readSeries(before, name);
      expect(['valid', 'malformed', 'not_found', 'revoked'].map((code) => grown(series(code)))).toEqual([
        3, 2, 1, 2,
      ]);
      expect(grown('keywright_key_cache_hits_total')).toBeGreaterThanOrEqual(3);
      expect(grown('keywright_ledger_applied_seq')).toBe(1);
    });

    test('requests are counted by route, method and status, none by an id', async () => {
      const { id: projectId } = await at.createProject();
      const { key, secret } = await at.createKey(projectId, { name: 'Nameable', ownerId: 'owner-anna' });
      const channel = await at.createChannel(projectId);
      const caller = await at.createServiceKey(projectId);
      const before = await metrics();
      await caller.call('getKey', { params: { keyId: key.id } });
      await caller.refuse('getKey', { params: { keyId: 'no-such-key' } });
      await caller.call('verify', { body: { key: secret, channel: channel.slug } });
      await caller.request('GET', `/v1/nothing/${secret}`);
      await caller.request('BREW', '/v1/projects').catch(() => {});
      const after = await metrics();
      const grown = (route: string, status: number, method = 'GET') => {
        const series = Object.entries({ method, route, status }).map(
          ([label, value]) => `${label}="${value}"`,
        );
        const count = `keywright_http_request_duration_seconds_count{${series.join(',')}}`;
        return readSeries(after, count) - readSeries(before, count);
      };
      expect(grown('/v1/keys/:keyId', 200)).toBe(1);
      expect(grown('/v1/keys/:keyId', 404)).toBe(1);
      expect(grown('/v1/verify', 200, 'POST')).toBe(1);
      expect(grown('unmatched', 404)).toBe(1);
      const needles = [projectId, key.id, channel.id, channel.slug, caller.id, secret, secret.slice(0, 10)];
      for (const needle of [...needles, caller.secret, 'no-such-key', 'Nameable', 'owner-anna', 'nothing']) {
        expect(after).not.toContain(needle);
      }
      expect(after).not.toMatch(/(prj|key|chn|svc)_[0-9a-hjkmnp-tv-z]{26}/);
    });
  });
});

describe('with a metrics token', () => {
  onBothEngines(
    (at) => {
      test('/metrics still answers a program on this machine', async () => {
        expect((await at.as(null).request('GET', '/metrics')).status).toBe(200);
      });

      test('through a proxy the token opens it, and nothing else does', async () => {
        const get = (Authorization: string) =>
          at
            .as(null)
            .request('GET', '/metrics', { headers: { 'X-Forwarded-For': '203.0.113.7', Authorization } });
        expect((await get(`Bearer ${token}`)).status).toBe(200);
        expect((await get(`bearer  ${token}`)).status).toBe(200);
        for (const wrong of [
          '',
          'Bearer',
          token,
          `Basic ${token}`,
          `Bearer ${token}x`,
          `Bearer ${token.slice(1)}`,
        ]) {
          const answer = await get(wrong);
          expect(readProblem(answer)).toMatchObject({ status: 401, code: 'unauthenticated' });
          expect(answer.headers.get('WWW-Authenticate')).toMatch(/^Bearer/);
        }
        expect((await get(`Bearer ${at.service.bootstrapKey}`)).status).toBe(401);
      });

      test('the token opens nothing but the metrics', async () => {
        expect(await at.as(token).refuse('listProjects')).toMatchObject({ status: 401 });
      });

      const address = otherAddress();
      if (address !== undefined)
        test('from another address than loopback it needs the token too', async () => {
          const url = `http://${address}:${new URL(at.url).port}/metrics`;
          expect((await fetch(url)).status).toBe(401);
          expect((await fetch(url, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(200);
        });
    },
    { env: { KEYWRIGHT_METRICS_TOKEN: token, KEYWRIGHT_HOST: '0.0.0.0' } },
  );
});
