import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Config, readConfig } from '../config.ts';
import { DatabaseFaultError } from '../startup-error.ts';
import type { StorageState } from './context.ts';
import { type Check, formatChecks } from './doctor/check.ts';
import { checkDataDirectory } from './doctor/data-directory.ts';
import { judgeStorage } from './doctor/database.ts';
import { checkDiskSpace, judgeDiskSpace } from './doctor/disk-space.ts';
import { checkPort, checkPorts } from './doctor/port.ts';
import { FakeProcess } from './testing/fake-context.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'keywright-doctor-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const healthy: StorageState = {
  engine: 'sqlite',
  version: '3.50.0',
  migrations: 'current',
  databaseTimeMs: 1000,
  fault: null,
};
/** Ports that are free on every machine. */
const free = { KEYWRIGHT_PORT: '0', KEYWRIGHT_GATEWAY_PORT: '0' };
const now = { before: 1000, after: 1000 };

describe('doctor', () => {
  test('0 when nothing fails; before the first start nothing does', async () => {
    const process = new FakeProcess({
      env: { ...free, KEYWRIGHT_DATA_DIR: join(directory, 'new') },
    });
    expect(await process.run('doctor')).toBe(0);
    expect(process.stdout).toContain('configuration');
    expect(process.stdout).toContain('none yet');
    expect(process.stdout).not.toContain('fail');
  });

  test('1 with every fault of the configuration', async () => {
    const process = new FakeProcess({ env: { KEYWRIGHT_PORT: 'x', KEYWRIGHT_FOO: '' } });
    expect(await process.run('doctor', '--json')).toBe(1);
    const report = JSON.parse(process.stdout) as { ok: boolean; checks: Check[] };
    expect(report.ok).toBe(false);
    expect(report.checks.filter((check) => check.status === 'fail').map((check) => check.message)).toEqual([
      expect.stringContaining('KEYWRIGHT_PORT'),
      expect.stringContaining('KEYWRIGHT_FOO'),
    ]);
  });

  test('it asks the database that is there', async () => {
    writeFileSync(join(directory, 'keywright.db'), '', { mode: 0o600 });
    const inspectStorage = async () => ({ ...healthy, databaseTimeMs: Date.now() });
    const env = { ...free, KEYWRIGHT_DATA_DIR: directory };
    const process = new FakeProcess({ env, installation: { inspectStorage } });
    expect(await process.run('doctor')).toBe(0);
    expect(process.stdout).toContain('SQLite 3.50.0');
  });

  test('1 with what to do, when the database is out of reach, without its password', async () => {
    const env = { ...free, KEYWRIGHT_DATABASE_URL: 'postgres://kw:hunter2@db/kw' };
    const refused = new DatabaseFaultError('connect ECONNREFUSED.', 'See that the database runs.');
    const inspectStorage = () => Promise.reject(refused);
    const process = new FakeProcess({ env, installation: { inspectStorage } });
    expect(await process.run('doctor')).toBe(1);
    expect(process.stdout).toMatch(/fail {2}database +connect ECONNREFUSED\.\n +See that the database runs/);
    expect(process.stdout).not.toContain('hunter2');
    expect(process.stdout).not.toContain('data directory');
  });

  test('a driver that cannot be loaded is a finding, not a crash', async () => {
    const process = new FakeProcess({
      env: { ...free, KEYWRIGHT_DATABASE_URL: 'postgres://db' },
    });
    process.context.loadInstallation = () => Promise.reject(new Error('no binary'));
    expect(await process.run('doctor')).toBe(1);
    expect(process.stdout).toContain('no binary');
  });
});

test('a line for each check, and below it what to do', () => {
  const checks: Check[] = [
    { status: 'ok', name: 'node', message: 'Node.js 24.', remedy: null },
    { status: 'warn', name: 'disk', message: '0.5 GiB free.', remedy: 'Make room.' },
    { status: 'fail', name: 'database', message: 'gone.', remedy: 'Start it.' },
  ];
  expect(formatChecks(checks).split('\n')).toEqual([
    'ok    node      Node.js 24.',
    'warn  disk      0.5 GiB free.',
    '                Make room.',
    'fail  database  gone.',
    '                Start it.',
  ]);
});

describe('the database', () => {
  test.each<[Partial<StorageState>, Check['status'], string]>([
    [{}, 'ok', 'SQLite 3.50.0.'],
    [{ engine: 'postgres', version: '15.2 (Debian)' }, 'ok', 'PostgreSQL 15.2 (Debian).'],
    [
      { engine: 'postgres', fault: { fault: 'it is read-only.', remedy: 'Wait.' } },
      'fail',
      'it is read-only.',
    ],
    [{ migrations: 'none' }, 'ok', 'none yet: the first start makes them.'],
    [{ migrations: 'behind' }, 'warn', 'those of an older version.'],
    [{ migrations: 'newer' }, 'fail', 'those of a newer version.'],
    [{ databaseTimeMs: 2000 }, 'ok', 'agrees with that of the database.'],
    [{ databaseTimeMs: 2001 }, 'fail', '1001 ms behind that of the database.'],
    [{ databaseTimeMs: -1 }, 'fail', '1001 ms ahead of that of the database.'],
  ])('%j', (state, status, message) => {
    expect(judgeStorage({ ...healthy, ...state }, now)).toContainEqual(
      expect.objectContaining({ status, message }),
    );
  });

  test('a slow answer is not taken for a wrong clock', () => {
    const checks = judgeStorage({ ...healthy, databaseTimeMs: 5000 }, { before: 1000, after: 9000 });
    expect(checks.at(-1)).toMatchObject({ name: 'clock', status: 'ok' });
  });
});

describe('the data directory', () => {
  test("is good when it and its files are its user's alone", async () => {
    writeFileSync(join(directory, 'keywright.db'), '', { mode: 0o600 });
    expect(await checkDataDirectory(directory)).toMatchObject({ status: 'ok' });
  });

  test('may be missing where it can be made', async () => {
    expect(await checkDataDirectory(join(directory, 'a', 'b'))).toMatchObject({ status: 'ok' });
  });

  test('fails when everybody may read it', async () => {
    chmodSync(directory, 0o755);
    expect(await checkDataDirectory(directory)).toMatchObject({
      status: 'fail',
      remedy: `chmod o-rwx ${directory}`,
    });
  });

  test('fails when everybody may read a file in it', async () => {
    chmodSync(directory, 0o711);
    const path = join(directory, 'keywright.db-wal');
    writeFileSync(path, '');
    chmodSync(path, 0o644);
    expect(await checkDataDirectory(directory)).toMatchObject({
      status: 'fail',
      remedy: `chmod o-rwx ${path}`,
    });
  });

  test('is good when nobody can get to a file that is open by itself', async () => {
    const path = join(directory, 'keywright.db');
    writeFileSync(path, '');
    chmodSync(path, 0o644);
    expect(await checkDataDirectory(directory)).toMatchObject({ status: 'ok' });
  });

  test('warns when a group may read a file in it', async () => {
    chmodSync(directory, 0o750);
    const path = join(directory, "it's.db");
    writeFileSync(path, '');
    chmodSync(path, 0o640);
    const remedy = expect.stringContaining(`chmod g-rwx '${directory}/it'\\''s.db'`);
    expect(await checkDataDirectory(directory)).toMatchObject({ status: 'warn', remedy });
  });

  test('fails when it is a file, or below one', async () => {
    const path = join(directory, 'file');
    writeFileSync(path, '');
    expect(await checkDataDirectory(path)).toMatchObject({ status: 'fail' });
    expect(await checkDataDirectory(join(path, 'data'))).toMatchObject({ status: 'fail' });
  });

  test('does not mind directories in it', async () => {
    mkdirSync(join(directory, 'lost+found'));
    expect(await checkDataDirectory(directory)).toMatchObject({ status: 'ok' });
  });
});

test('little space on the disk is a warning', async () => {
  expect(judgeDiskSpace(1024 ** 3)).toMatchObject({ status: 'ok', message: '1.0 GiB free.' });
  expect(judgeDiskSpace(1024 ** 3 - 1)).toMatchObject({ status: 'warn' });
  expect((await checkDiskSpace(join(directory, 'a', 'b'))).message).toMatch(/ GiB free\.$/);
});

describe('the port', () => {
  const main = { name: 'port', hostSetting: 'HOST', portSetting: 'PORT' } as const;

  test('is good when it is free, or any is taken', async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    expect(await checkPort({ ...main, host: '127.0.0.1', port })).toMatchObject({ status: 'ok' });
    expect(await checkPort({ ...main, host: '127.0.0.1', port: 0 })).toMatchObject({ status: 'ok' });
  });

  test('is good when a Keywright answers there', async () => {
    const server = createHttpServer((_, response) => response.setHeader('X-Request-Id', 'req_1').end('{}'));
    const port = await listen(server);
    expect(await checkPort({ ...main, host: '127.0.0.1', port })).toMatchObject({
      message: expect.stringContaining('a Keywright'),
    });
    server.close();
  });

  test('fails when something else does', async () => {
    const server = createHttpServer((_, response) => response.end('ok'));
    const port = await listen(server);
    expect(await checkPort({ ...main, host: '127.0.0.1', port })).toMatchObject({ status: 'fail' });
    server.close();
  });

  test('fails for an address of another machine', async () => {
    expect(await checkPort({ ...main, host: '192.0.2.1', port: 8787 })).toMatchObject({
      status: 'fail',
      message: '192.0.2.1:8787 cannot be listened on (EADDRNOTAVAIL).',
      remedy: expect.stringMatching(/^KEYWRIGHT_HOST is no address/),
    });
  });
});

describe('the ports of gateways', () => {
  const local = { host: '127.0.0.1', port: 0 };
  const none = { authPort: null, authHost: null, gatewayPort: null, gatewayHost: null };

  test('are asked for where there are any', async () => {
    const namesOf = async (config: Partial<Config>) =>
      (await checkPorts({ ...defaults(), ...local, ...none, ...config })).map(({ name }) => name);
    expect(await namesOf({})).toEqual(['port']);
    expect(await namesOf({ authPort: 0 })).toEqual(['port', 'auth port']);
    expect(await namesOf({ gatewayPort: 0 })).toEqual(['port', 'gateway port']);
  });

  test('a fault names the setting that is to change, of the port and of the address', async () => {
    const server = createHttpServer((_, response) => response.end('ok'));
    const port = await listen(server);
    const remediesOf = async (config: Partial<Config>) =>
      (await checkPorts({ ...defaults(), ...local, ...none, ...config }))
        .slice(1)
        .map(({ remedy }) => remedy);
    expect(await remediesOf({ authPort: port })).toEqual([
      expect.stringContaining('another KEYWRIGHT_AUTH_PORT'),
    ]);
    expect(await remediesOf({ gatewayPort: port })).toEqual([
      expect.stringContaining('another KEYWRIGHT_GATEWAY_PORT'),
    ]);
    expect(await remediesOf({ authPort: 8786, authHost: '192.0.2.1' })).toEqual([
      expect.stringMatching(/^KEYWRIGHT_AUTH_HOST is/),
    ]);
    expect(await remediesOf({ gatewayPort: 8786, gatewayHost: '192.0.2.1' })).toEqual([
      expect.stringMatching(/^KEYWRIGHT_GATEWAY_HOST is/),
    ]);
    server.close();
  });

  test.each([
    ['auth port', { authPort: 1 }],
    ['gateway port', { gatewayPort: 1 }],
  ] as const)('a Keywright at the %s is known by its answer, which is no page', async (name, which) => {
    for (const [status, expected] of [
      [404, 'ok'],
      [200, 'fail'],
    ] as const) {
      const server = createHttpServer((_, response) =>
        response.writeHead(status, { 'X-Request-Id': 'req_1' }).end('{}'),
      );
      const port = await listen(server);
      const config = { ...none, ...which };
      const given = name === 'auth port' ? { ...config, authPort: port } : { ...config, gatewayPort: port };
      const checks = await checkPorts({ ...defaults(), ...local, ...given });
      expect(checks[1]).toMatchObject({ name, status: expected });
      server.close();
    }
  });
});

function defaults(): Config {
  const read = readConfig({}, {}, { cwd: directory, readFile: () => '' });
  if ('faults' in read) throw new Error(read.faults.join('\n'));
  return read.config;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
