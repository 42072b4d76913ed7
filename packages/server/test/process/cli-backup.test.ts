import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { type Client, client } from '../support/client.ts';
import { createDatabase, createDirectory } from '../support/engines.ts';
import { startService } from '../support/running-service.ts';
import { until } from '../support/waiting.ts';
import { createTemporaryDirectory } from './support/directory.ts';
import { type Ended, keywright } from './support/program.ts';
import { shortages } from './support/shortages.ts';

function backUp(dataDir: string, ...args: string[]): Promise<Ended> {
  return keywright(['backup', ...args], { env: { KEYWRIGHT_DATA_DIR: dataDir } });
}

/** A data directory that holds nothing but this backup. */
function directoryOf(backup: string): string {
  const dataDir = createTemporaryDirectory();
  copyFileSync(backup, join(dataDir, 'keywright.db'));
  return dataDir;
}

test('under load it holds all that was answered before, holds up nobody, and its chain is whole', async () => {
  const service = await startService();
  const api = client(service.url, service.bootstrapKey);
  const body = { name: 'Busy', policy: { maxKeysPerOwner: null } };
  const { id: projectId } = await api.call('createProject', { body });
  const writers = startWriters(api, projectId);
  await writers.untilAnswered(100);

  const before = [...writers.answered];
  const target = createTemporaryDirectory();
  const { code, stdout, stderr } = await backUp(service.dataDir, target, '--json');
  const during = writers.answered.length - before.length;
  await writers.stop();
  expect(code, stderr).toBe(0);
  const { file, bytes, head } = JSON.parse(stdout);
  expect(basename(file)).toMatch(/^keywright-\d{8}T\d{6}Z\.db$/);
  expect(readdirSync(target)).toEqual([basename(file)]);
  expect(statSync(file)).toMatchObject({ size: bytes });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(during).toBeGreaterThan(20);

  const copy = new Database(file, { readonly: true });
  const names = new Set(copy.prepare('SELECT name FROM keys').pluck().all());
  copy.close();
  expect(before.filter((name) => !names.has(name))).toEqual([]);
  const env = { KEYWRIGHT_DATA_DIR: directoryOf(file) };
  const verified = await keywright(['audit', 'verify', '--json', '--head', head], { env });
  expect(JSON.parse(verified.stdout)).toMatchObject({ holds: true, head });
  // It is a beginning of the ledger that went on.
  const later = await keywright(['audit', 'verify', '--head', head], {
    env: { KEYWRIGHT_DATA_DIR: service.dataDir },
  });
  expect(later.code, later.stdout).toBe(0);
  await service.stop();
});

test('a server that is started on a backup goes on from there', async () => {
  const service = await startService();
  const api = client(service.url, service.bootstrapKey);
  const { id: projectId } = await api.call('createProject', { body: { name: 'Shop' } });
  const { secret } = await api.call('createKey', { params: { projectId }, body: {} });
  await service.stop();
  const file = join(createTemporaryDirectory(), 'named');
  const { stdout } = await backUp(service.dataDir, file);
  expect(stdout).toMatch(/^Backed up to \S+named \(0\.\d MiB\), and checked\.\nHead: 3:[0-9a-f]{64}\n$/);
  const next = await startService({
    dataDir: directoryOf(file),
    env: { KEYWRIGHT_BOOTSTRAP_KEY: service.bootstrapKey },
  });
  const answer = await client(next.url, service.bootstrapKey).call('verify', { body: { key: secret } });
  expect(answer.code).toBe('valid');
  await next.stop();
});

describe('backup refuses', () => {
  const prepare = async () => {
    const place = await createDirectory();
    await (await place.open()).close();
    return { place, dataDir: place.location, target: createTemporaryDirectory() };
  };

  test('to replace a file, unless it is told to', async () => {
    const { dataDir, target } = await prepare();
    const file = join(target, 'backup.db');
    writeFileSync(file, 'precious');
    expect(await backUp(dataDir, file)).toEqual({
      code: 2,
      stdout: '',
      stderr: `keywright: ${file} exists already: add --force to replace it.\n`,
    });
    expect(readFileSync(file, 'utf8')).toBe('precious');
    expect(await backUp(dataDir, file, '--force')).toMatchObject({ code: 0 });
    expect(readFileSync(file).subarray(0, 6).toString()).toBe('SQLite');
    expect(readdirSync(target)).toEqual(['backup.db']);
  });

  test('to write over the database itself, by whatever way', async () => {
    const { dataDir, target } = await prepare();
    symlinkSync(dataDir, join(target, 'way'));
    const before = readFileSync(join(dataDir, 'keywright.db'));
    for (const file of [
      join(dataDir, 'keywright.db'),
      join(target, 'way/keywright.db'),
      join(dataDir, 'keywright.lock'),
    ]) {
      expect(await backUp(dataDir, file, '--force')).toMatchObject({ code: 2, stdout: '' });
    }
    expect(readFileSync(join(dataDir, 'keywright.db')).equals(before)).toBe(true);
    expect(await backUp(dataDir, join(target, 'none/backup.db'))).toMatchObject({ code: 2 });
  });

  test('to write where nobody said, as for a variable that is not set', async () => {
    const { dataDir, target } = await prepare();
    const options = { env: { KEYWRIGHT_DATA_DIR: dataDir }, cwd: target };
    for (const args of [
      ['backup', ''],
      ['audit', 'export', '--output', ''],
    ])
      expect(await keywright(args, options)).toMatchObject({ code: 2, stdout: '' });
    expect(readdirSync(target)).toEqual([]);
  });

  test('a database that is damaged, and leaves nothing', async () => {
    const { place, dataDir, target } = await prepare();
    await (await startService({ dataDir })).stop();
    await place.query(`UPDATE ledger SET action = 'key.deleted' WHERE seq = 1`);
    expect(await backUp(dataDir, target)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^keywright: The ledger of the copy does not hold: row 1 was changed/),
    });
    expect(readdirSync(target)).toEqual([]);
  });

  const fullDisk = shortages.find(({ what }) => what === 'a full disk');
  test.runIf(fullDisk)('a disk that is full, which it names, and leaves nothing', async () => {
    const { dataDir } = await prepare();
    await (await startService({ dataDir })).stop();
    const disk = dirname(fullDisk!.makeDirectory());
    fullDisk!.begin(0, join(disk, 'data'));
    for (const args of [
      ['backup', disk],
      ['audit', 'export', '--output', disk],
    ])
      expect(await keywright(args, { env: { KEYWRIGHT_DATA_DIR: dataDir } })).toEqual({
        code: 1,
        stdout: '',
        stderr: `keywright: The disk of ${disk} is full.\n`,
      });
    expect(readdirSync(disk)).toEqual(['ballast']);
  });

  test('where there is none, and where it is not SQLite', async () => {
    const { location } = await createDirectory();
    const target = createTemporaryDirectory();
    mkdirSync(join(location, 'empty'));
    expect(await backUp(join(location, 'empty'), target)).toMatchObject({ code: 1, stdout: '' });
    const { location: url } = await createDatabase();
    const { code, stderr } = await keywright(['backup', target], { env: { KEYWRIGHT_DATABASE_URL: url } });
    expect(code).toBe(1);
    expect(stderr).toContain('pg_dump');
    expect(stderr).toContain('keywright restore --ledger');
    expect(readdirSync(target)).toEqual([]);
  });
});

/** Eight callers who make keys until they are stopped. */
function startWriters(api: Client, projectId: string) {
  const answered: string[] = [];
  let isStopped = false;
  const write = async (writer: number) => {
    for (let count = 0; !isStopped; count++) {
      const name = `${writer}-${count}`;
      await api.call('createKey', { params: { projectId }, body: { name } });
      answered.push(name);
    }
  };
  const writing = Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
  return {
    answered,
    untilAnswered: (count: number) => until(() => answered.length >= count, `${count} keys were made`),
    async stop() {
      isStopped = true;
      await writing;
    },
  };
}
