import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { createDatabase } from '../support/engines.ts';
import { openMailbox } from '../support/mailbox.ts';
import { startService } from '../support/running-service.ts';
import { createTemporaryDirectory } from './support/directory.ts';
import { keywright, type RunOptions } from './support/program.ts';
import { findPlainUser, isOpenToAll } from './support/users.ts';

interface Diagnosis {
  code: number | null;
  ok: boolean;
  checks: { status: 'ok' | 'warn' | 'fail'; name: string; message: string; remedy: string | null }[];
}

describe('doctor finds all well', () => {
  test('before the first start, and makes nothing', async () => {
    const dataDir = join(createTemporaryDirectory(), 'data');
    const { code, ok, checks } = await diagnose({ KEYWRIGHT_DATA_DIR: dataDir });
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect(checks.map(({ name }) => name)).toEqual([
      'node',
      'configuration',
      'data directory',
      'disk',
      'database',
      'port',
      'gateway port',
    ]);
    expect(existsSync(dataDir)).toBe(false);
  });

  test('of a service that runs, and of one that has stopped', async () => {
    const service = await startService({ env: { KEYWRIGHT_AUTH_PORT: '0' } });
    const { port } = new URL(service.url);
    const { port: authPort } = new URL(service.authUrl ?? '');
    const env = {
      KEYWRIGHT_DATA_DIR: service.dataDir,
      KEYWRIGHT_PORT: port,
      KEYWRIGHT_AUTH_PORT: authPort,
    };
    const running = await diagnose(env);
    expect(running).toMatchObject({ code: 0, ok: true });
    expect(running.checks).toContainEqual(
      expect.objectContaining({ name: 'port', message: `a Keywright answers on 127.0.0.1:${port}.` }),
    );
    expect(running.checks).toContainEqual(
      expect.objectContaining({
        name: 'auth port',
        message: `a Keywright answers on 127.0.0.1:${authPort}.`,
      }),
    );
    expect(running.checks).toContainEqual(expect.objectContaining({ name: 'tables', status: 'ok' }));
    expect(running.checks).toContainEqual(
      expect.objectContaining({
        name: 'control file',
        message: `commands reach the server at ${service.url}.`,
      }),
    );
    await service.stop();
    expect(await diagnose(env)).toMatchObject({ code: 0, ok: true });

    const { code, stdout } = await keywright(['doctor'], { env });
    expect(code).toBe(0);
    for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/^(ok|warn) .+\.$|^ +\S.+\.$/);
  });

  test('of PostgreSQL', async () => {
    const { location } = await createDatabase();
    const env = { KEYWRIGHT_DATABASE_URL: location, KEYWRIGHT_PORT: '0' };
    expect(await diagnose(env)).toMatchObject({ code: 0, ok: true });
    const service = await startService({ databaseUrl: location });
    const { ok, checks } = await diagnose(env);
    expect(ok).toBe(true);
    expect(checks).toContainEqual(
      expect.objectContaining({ name: 'database', message: expect.stringMatching(/^PostgreSQL \d+/) }),
    );
    expect(checks).toContainEqual(expect.objectContaining({ name: 'clock', status: 'ok' }));
    await service.stop();
  });
});

describe('doctor finds', () => {
  test('faults of the configuration, all of them', async () => {
    const { code, checks } = await diagnose({
      KEYWRIGHT_PORT: 'x',
      KEYWRIGHT_LOG_LEVEL: 'y',
      KEYWRIGHT_NOTHING: 'z',
    });
    expect(code).toBe(1);
    expect(checks.filter(({ status }) => status === 'fail').map(({ name }) => name)).toEqual(
      Array(3).fill('configuration'),
    );
  });

  test('a database that every user can read', async () => {
    const dataDir = createTemporaryDirectory();
    await (await startService({ dataDir })).stop();
    chmodSync(dataDir, 0o755);
    chmodSync(join(dataDir, 'keywright.db'), 0o644);
    const fault = await findFault({ KEYWRIGHT_DATA_DIR: dataDir });
    expect(fault.message).toContain(join(dataDir, 'keywright.db'));
    expect(fault.remedy).toMatch(/^chmod o-rwx /);
  });

  test('a control file that others than its owner can read', async () => {
    const service = await startService();
    chmodSync(join(service.dataDir, 'control.json'), 0o640);
    expect(await findFault({ KEYWRIGHT_DATA_DIR: service.dataDir, KEYWRIGHT_PORT: '0' })).toMatchObject({
      name: 'control file',
      remedy: `chmod 600 ${join(service.dataDir, 'control.json')}`,
    });
    await service.stop();
  });

  test('a data directory that is a file', async () => {
    const file = join(createTemporaryDirectory(), 'file');
    writeFileSync(file, '');
    expect(await findFault({ KEYWRIGHT_DATA_DIR: file })).toMatchObject({ name: 'data directory' });
  });

  test.runIf(process.getuid?.() !== 0 || [process.execPath, import.meta.dirname].every(isOpenToAll))(
    'a data directory that its user may not write to',
    async () => {
      const parent = createTemporaryDirectory();
      chmodSync(parent, 0o755);
      const dataDir = join(parent, 'data');
      mkdirSync(dataDir, { mode: 0o555 });
      const user = findPlainUser();
      expect(await findFault({ KEYWRIGHT_DATA_DIR: dataDir }, { user })).toMatchObject({
        name: 'data directory',
      });
      expect(await findFault({ KEYWRIGHT_DATA_DIR: join(dataDir, 'below') }, { user })).toMatchObject({
        name: 'data directory',
      });
    },
  );

  test('what is no database', async () => {
    const dataDir = createTemporaryDirectory();
    writeFileSync(join(dataDir, 'keywright.db'), 'no database '.repeat(1000), { mode: 0o600 });
    expect(await findFault({ KEYWRIGHT_DATA_DIR: dataDir })).toMatchObject({ name: 'database' });
  });

  test('a database of a newer program', async () => {
    const { location, query } = await createDatabase();
    await (await startService({ databaseUrl: location })).stop();
    await query(
      `INSERT INTO keywright_migrations (name, timestamp) VALUES ('9999-from-the-future', '2099-01-01')`,
    );
    expect(await findFault({ KEYWRIGHT_DATABASE_URL: location })).toMatchObject({ name: 'tables' });
  });

  test('a PostgreSQL that is out of reach or refuses, and does not tell its password', async () => {
    const url = new URL(inject('postgresUrl'));
    url.password = 'pa55word-of-nobody';
    const refused = await findFault({ KEYWRIGHT_DATABASE_URL: url.href });
    expect(refused).toMatchObject({
      name: 'database',
      message: expect.stringContaining('password authentication failed'),
    });
    url.port = '1';
    const unreachable = await findFault({ KEYWRIGHT_DATABASE_URL: url.href });
    expect(unreachable).toMatchObject({ name: 'database', message: expect.stringContaining('ECONNREFUSED') });
    expect(JSON.stringify([refused, unreachable])).not.toContain('pa55word');
  });

  test('a server for e-mail that refuses or is not there, and does not tell its password', async () => {
    const mailbox = await openMailbox();
    const env = (password: string) => ({
      KEYWRIGHT_SMTP_URL: `smtp://kw:${password}@127.0.0.1:${mailbox.port}`,
      KEYWRIGHT_MAIL_FROM: 'keys@acme.example',
    });
    const { ok, checks } = await diagnose(env('right'));
    expect(ok).toBe(true);
    expect(checks).toContainEqual({
      status: 'ok',
      name: 'e-mail',
      message: `the SMTP server at 127.0.0.1:${mailbox.port} answers, and takes the user and password.`,
      remedy: null,
    });
    expect(checks).toContainEqual(expect.objectContaining({ name: 'links in e-mail', status: 'warn' }));
    const refused = await findFault(env('pa55word-of-nobody'));
    expect(refused).toMatchObject({ name: 'e-mail', remedy: expect.stringContaining('user and password') });
    await mailbox.close();
    const gone = await findFault(env('pa55word-of-nobody'));
    expect(gone).toMatchObject({ name: 'e-mail', message: expect.stringMatching(/ECONN|ESOCKET/) });
    expect(JSON.stringify([refused, gone])).not.toContain('pa55word');
  }, 240_000);

  test('a port that another program has', async () => {
    const other = createServer((socket) => socket.end('no Keywright\n')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    expect(await findFault({ KEYWRIGHT_PORT: String(port) })).toMatchObject({ name: 'port' });
    expect(await findFault({ KEYWRIGHT_AUTH_PORT: String(port) })).toMatchObject({
      name: 'auth port',
      remedy: expect.stringContaining('KEYWRIGHT_AUTH_PORT'),
    });
    expect(await findFault({ KEYWRIGHT_GATEWAY_PORT: String(port) })).toMatchObject({
      name: 'gateway port',
      remedy: expect.stringContaining('KEYWRIGHT_GATEWAY_PORT'),
    });
  });
});

async function diagnose(env: Record<string, string>, options: RunOptions = {}): Promise<Diagnosis> {
  const directory = env.KEYWRIGHT_DATA_DIR === undefined ? { INIT_CWD: createTemporaryDirectory() } : {};
  const { code, stdout, stderr } = await keywright(['doctor', '--json'], {
    env: { KEYWRIGHT_PORT: '0', ...directory, ...env },
    ...options,
  });
  expect(stderr).toBe('');
  return { code, ...JSON.parse(stdout) };
}

/** The one fault that it finds, with which it does not answer 0. */
async function findFault(
  env: Record<string, string>,
  options: RunOptions = {},
): Promise<Diagnosis['checks'][number]> {
  const { code, ok, checks } = await diagnose(env, options);
  expect({ code, ok }).toEqual({ code: 1, ok: false });
  const faults = checks.filter(({ status }) => status === 'fail');
  expect(faults).toHaveLength(1);
  const [fault] = faults;
  expect(fault?.remedy).toMatch(/\S/);
  return fault as Diagnosis['checks'][number];
}
