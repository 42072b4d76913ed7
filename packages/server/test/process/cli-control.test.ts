import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { lockDataDirectory } from '../../src/storage/sqlite-files.ts';
import { client } from '../support/client.ts';
import { createDatabase } from '../support/engines.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { createTemporaryDirectory } from './support/directory.ts';
import { type Ended, keywright } from './support/program.ts';

interface Control {
  url: string;
  token: string;
  pid: number;
}

function pathOf({ dataDir }: Pick<RunningService, 'dataDir'>): string {
  return join(dataDir, 'control.json');
}

function readControl(service: Pick<RunningService, 'dataDir'>): Control {
  return JSON.parse(readFileSync(pathOf(service), 'utf8')) as Control;
}

function list(service: Pick<RunningService, 'dataDir'>, env: Record<string, string> = {}): Promise<Ended> {
  return keywright(['service-key', 'list', '--json'], {
    env: { KEYWRIGHT_DATA_DIR: service.dataDir, ...env },
  });
}

/** An address of this machine that is not its loopback. */
function otherAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
}

test('the control file is its owner’s alone, and there for as long as the server runs', async () => {
  const service = await startService();
  expect(statSync(pathOf(service)).mode & 0o777).toBe(0o600);
  const { url, token, pid } = readControl(service);
  expect({ url, pid }).toEqual({ url: service.url, pid: service.pid });
  expect(await client(url, token).call('listProjects')).toMatchObject({ items: [] });
  await service.stop();
  expect(existsSync(pathOf(service))).toBe(false);
  expect(service.logs()).not.toContain(token.slice(4, 20));
});

test('one that hangs is waited for, but not for a minute', async () => {
  const { location } = await createDatabase();
  const service = await startService({ databaseUrl: location });
  const env = { KEYWRIGHT_DATABASE_URL: location, KEYWRIGHT_SECRET: 'what-signs-the-sessions-of-the-tests' };
  process.kill(service.pid, 'SIGSTOP');
  try {
    const startedAt = performance.now();
    const doctor = keywright(['doctor'], {
      env: { ...env, KEYWRIGHT_DATA_DIR: service.dataDir, KEYWRIGHT_PORT: '0' },
    });
    const { code, stderr } = await list(service, env);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Another Keywright runs'),
    });
    expect(await doctor).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        new RegExp(`fail  control file +the server at ${service.url} \\(process ${service.pid}\\) hangs`),
      ),
    });
    expect(performance.now() - startedAt).toBeLessThan(40_000);
  } finally {
    process.kill(service.pid, 'SIGCONT');
  }
  expect((await list(service, env)).code).toBe(0);
});

test('its token is good for one start, for commands, and over loopback only', async () => {
  const dataDir = createTemporaryDirectory();
  const former = await startService({ dataDir });
  const { token: formerToken } = readControl(former);
  await former.stop();
  const service = await startService({ dataDir, env: { KEYWRIGHT_HOST: '0.0.0.0' } });
  const { url, token } = readControl(service);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  expect(await client(url, token).refuse('verify', { body: { key: 'x' } })).toMatchObject({ status: 401 });
  const unauthenticated = { status: 401, code: 'unauthenticated' };
  expect(await client(url, formerToken).refuse('listProjects')).toMatchObject(unauthenticated);
  for (const name of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP']) {
    const headers = { [name]: '127.0.0.1' };
    expect(await client(url, token).refuse('listProjects', { headers }), name).toMatchObject(unauthenticated);
  }
  const address = otherAddress();
  if (address !== undefined) {
    const outside = url.replace('127.0.0.1', address);
    expect(await client(outside, token).refuse('listProjects')).toMatchObject(unauthenticated);
    expect(await client(outside, service.bootstrapKey).call('listProjects')).toMatchObject({ items: [] });
  }
  await service.stop();
});

const address = otherAddress();
if (address !== undefined)
  test('a server that listens on another address only is reached by commands all the same', async () => {
    const service = await startService({ env: { KEYWRIGHT_HOST: address } });
    expect(readControl(service).url).not.toBe(service.url);
    expect(await list(service)).toMatchObject({ code: 0, stderr: '' });
    expect(await client(service.url, readControl(service).token).refuse('listProjects')).toMatchObject({
      status: 401,
    });
    expect(await service.stop()).toBe(0);
  });

test('what a killed server left is not taken for a server', async () => {
  const dataDir = createTemporaryDirectory();
  const killed = await startService({ dataDir });
  await killed.kill();
  expect(existsSync(pathOf(killed))).toBe(true);
  expect(await list(killed)).toMatchObject({ code: 0, stderr: '' });

  // Somebody else listens there by now, and does not know the token.
  const other = await startService();
  const left = readControl(killed);
  writeFileSync(pathOf(killed), JSON.stringify({ ...left, url: other.url }));
  expect(await list(killed)).toMatchObject({ code: 0, stderr: '' });
  for (const content of ['', '{"url":', '[]', JSON.stringify({ ...left, url: 'http://198.51.100.7:80' })]) {
    writeFileSync(pathOf(killed), content);
    expect(await list(killed), content).toMatchObject({ code: 0, stderr: '' });
  }
  const next = await startService({ dataDir });
  expect(readControl(next)).toMatchObject({ url: next.url, pid: next.pid });
  expect(await list(next)).toMatchObject({ code: 0, stderr: '' });
  await Promise.all([other.stop(), next.stop()]);
});

test('a command waits for a server that has the directory, but cannot be spoken to yet', async () => {
  const dataDir = createTemporaryDirectory();
  await (await startService({ dataDir })).stop();
  const unlock = lockDataDirectory(dataDir);
  let isDone = false;
  const listing = list({ dataDir }).finally(() => {
    isDone = true;
  });
  await sleep(1500);
  expect(isDone).toBe(false);
  unlock();
  expect(await listing).toMatchObject({ code: 0, stderr: '' });
});

test('a server that ends right after it was found is not missed', async () => {
  const dataDir = createTemporaryDirectory();
  const ended = await startService({ dataDir });
  const left = readControl(ended);
  await ended.stop();
  const page = { next: null, previous: null, from: 0, to: 0, total: 0, totalIsExact: true };
  // It answers whoever looks for it, and nobody after that.
  const stopping = createServer((_, response) => {
    response.end(JSON.stringify({ items: [], page }), () => stopping.close());
  });
  const port = await new Promise((resolve) => {
    stopping.listen(0, '127.0.0.1', () => resolve((stopping.address() as AddressInfo).port));
  });
  writeFileSync(pathOf(ended), JSON.stringify({ ...left, url: `http://127.0.0.1:${port}` }));
  const { code, stdout, stderr } = await list(ended);
  expect(stopping.listening).toBe(false);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ items: [{ name: 'Bootstrap' }] });
});

test('a server waits for a command that has the directory, but not for another server', async () => {
  const dataDir = createTemporaryDirectory();
  const unlock = lockDataDirectory(dataDir);
  const starting = startService({ dataDir });
  await sleep(1500);
  unlock();
  const service = await starting;
  const begun = performance.now();
  const env = { KEYWRIGHT_DATA_DIR: dataDir, KEYWRIGHT_PORT: '0' };
  const { code, stderr } = await keywright(['serve'], { env });
  expect(code).toBe(1);
  expect(stderr).toContain('Another Keywright runs');
  expect(performance.now() - begun).toBeLessThan(14_000);
  await service.stop();
});

test('several commands at once, with nobody running, take turns', async () => {
  const dataDir = createTemporaryDirectory();
  await (await startService({ dataDir })).stop();
  const listings = await Promise.all([1, 2, 3].map(() => list({ dataDir })));
  expect(listings.map(({ code }) => code)).toEqual([0, 0, 0]);
});

test('on PostgreSQL it is found in the data directory too, unless it is for another database', async () => {
  const { location } = await createDatabase();
  const service = await startService({ databaseUrl: location });
  expect(readControl(service)).not.toHaveProperty('password');
  expect(readFileSync(pathOf(service), 'utf8')).not.toContain(new URL(location).password || 'no password');
  expect(await list(service, { KEYWRIGHT_DATABASE_URL: location })).toMatchObject({ code: 0, stderr: '' });
  // The same directory with SQLite: there is no such database.
  expect(await list(service)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no database'),
  });
  await service.stop();
  expect(existsSync(pathOf(service))).toBe(false);
});
