import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { client } from '../support/client.ts';
import { forEachEngine } from '../support/engines.ts';
import { startService } from '../support/running-service.ts';
import { settingsOf } from './support/program.ts';

forEachEngine((createPlace, engine) => {
  test.runIf(process.platform === 'linux')(
    'a process that may open nothing more says nothing wrong, tells why, and goes on when it may',
    async () => {
      const place = await createPlace();
      const service = await startService({ env: settingsOf(place) });
      const api = client(service.url, service.bootstrapKey);
      const { id: projectId } = await api.call('createProject', { body: { name: 'Project' } });
      const createKey = (name: string) => api.call('createKey', { params: { projectId }, body: { name } });
      const [cold, revoked] = [await createKey('Cold'), await createKey('Revoked')];
      await api.call('revokeKey', { params: { keyId: revoked.key.id } });
      const verify = keepConnection(service.url, service.bootstrapKey);
      expect(await verify('nonsense')).toMatchObject([200, { code: 'malformed' }]);

      setLimit(service.pid, 1);
      if (engine === 'postgres')
        await place.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND application_name LIKE 'keywright%'`,
        );
      const told = () => service.logs().split('may open no more files').length - 1;
      await expect.poll(told, { timeout: 10_000 }).toBe(1);
      const couldNotTell = [503, { code: 'unavailable' }];
      expect(await verify(cold.secret)).toMatchObject(
        engine === 'sqlite' ? [200, { code: 'valid' }] : couldNotTell,
      );
      expect(await verify(revoked.secret)).toMatchObject(
        engine === 'sqlite' ? [200, { code: 'revoked' }] : couldNotTell,
      );

      setLimit(service.pid, 1024);
      await expect
        .poll(() => verify(cold.secret), { timeout: 20_000 })
        .toMatchObject([200, { code: 'valid' }]);
      expect(await verify(revoked.secret)).toMatchObject([200, { code: 'revoked' }]);
      const readiness = async () => (await api.request('GET', '/readyz')).status;
      await expect.poll(readiness, { timeout: 20_000 }).toBe(200);
      expect(await service.stop()).toBe(0);
      expect(told()).toBe(1);
    },
    60_000,
  );
});

function setLimit(pid: number, files: number): void {
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${files}:`]);
}

/** Verifies over one connection, which stays. */
function keepConnection(url: string, serviceKey: string): (key: string) => Promise<[number, unknown]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return async (key) => {
    const headers = { Authorization: `Bearer ${serviceKey}`, 'Content-Type': 'application/json' };
    const asking = request(`${url}/v1/verify`, { method: 'POST', agent, headers });
    asking.end(JSON.stringify({ key }));
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    return [answer.statusCode ?? 0, await json(answer)];
  };
}
