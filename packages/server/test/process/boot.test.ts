import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { generateSecret } from '../../src/keys/secret-format.ts';
import { client } from '../support/client.ts';
import { createDatabase } from '../support/engines.ts';
import { startService } from '../support/running-service.ts';
import { createTemporaryDirectory } from './support/directory.ts';
import { keywright, sentencesOf, settingsOf } from './support/program.ts';

describe('a start', () => {
  test('says where it listens in a line of JSON, and takes a free port for 0', async () => {
    const [one, other] = await Promise.all([startService(), startService()]);
    expect(one.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(one.url).not.toBe(other.url);
    const lines = one.logs().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: 'warn', time: expect.any(String), msg: expect.stringContaining(`${one.url}/setup#token=`) },
      {
        level: 'info',
        time: expect.any(String),
        url: one.url,
        gatewayUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        engine: 'sqlite',
        msg: 'listening',
      },
    ]);
    expect(one.gatewayUrl).not.toBe(other.gatewayUrl);
    expect((await fetch(`${one.url}/readyz`)).status).toBe(200);
  });

  test('has no gateway when that is switched off, and a port for proxies when one is set', async () => {
    const env = { KEYWRIGHT_GATEWAY_PORT: 'off', KEYWRIGHT_AUTH_PORT: '0' };
    const { logs, authUrl } = await startService({ env });
    expect(authUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(logs()).not.toContain('gatewayUrl');
  });

  test('listens on the address that it is told', async () => {
    const { url } = await startService({ env: { KEYWRIGHT_HOST: 'localhost' } });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('takes flags over the environment, and files over nothing else', async () => {
    const [dataDir, ignored] = [createTemporaryDirectory(), createTemporaryDirectory()];
    const bootstrapKey = generateSecret('kws').reveal();
    const file = join(dataDir, 'bootstrap-key');
    writeFileSync(file, `${bootstrapKey}\n`);
    const service = await startService({
      env: {
        KEYWRIGHT_DATA_DIR: ignored,
        KEYWRIGHT_PORT: '1',
        KEYWRIGHT_LOG_LEVEL: 'fatal',
        KEYWRIGHT_BOOTSTRAP_KEY: 'no key',
      },
      args: ['--data-dir', dataDir, '--port', '0', '--log-level', 'debug', '--bootstrap-key-file', file],
    });
    expect(existsSync(join(dataDir, 'keywright.db'))).toBe(true);
    expect(existsSync(join(ignored, 'keywright.db'))).toBe(false);
    expect((await client(service.url, bootstrapKey).request('GET', '/v1/projects')).status).toBe(200);
    await expect.poll(() => service.logs()).toContain('"level":"debug"');
  });

  test('reads secrets from the files that _FILE names, relative to where it was called', async () => {
    const directory = createTemporaryDirectory();
    const bootstrapKey = generateSecret('kws').reveal();
    writeFileSync(join(directory, 'key'), `${bootstrapKey}\r\n`);
    const service = await startService({
      env: { INIT_CWD: directory, KEYWRIGHT_BOOTSTRAP_KEY: undefined, KEYWRIGHT_BOOTSTRAP_KEY_FILE: 'key' },
    });
    expect((await client(service.url, bootstrapKey).request('GET', '/v1/projects')).status).toBe(200);
  });

  test('reads the address of the database, which holds a password, from a file', async () => {
    const { location } = await createDatabase();
    const file = join(createTemporaryDirectory(), 'database-url');
    writeFileSync(file, `${location}\n`);
    const [byVariable, byFlag] = [
      { env: { KEYWRIGHT_DATABASE_URL_FILE: file } },
      { args: ['--database-url-file', file] },
    ];
    const env = { KEYWRIGHT_SECRET: 'what-signs-the-sessions-of-the-tests' };
    const service = await startService({ env: { ...env, ...byVariable.env } });
    expect(service.logs()).toContain('"engine":"postgres"');
    await service.stop();
    expect((await startService({ env, ...byFlag })).logs()).toContain('"engine":"postgres"');
  });

  test('keeps ./data where npm was called, not where npm runs its scripts', async () => {
    const directory = createTemporaryDirectory();
    const service = await startService({ env: { KEYWRIGHT_DATA_DIR: undefined, INIT_CWD: directory } });
    expect(existsSync(join(directory, 'data/keywright.db'))).toBe(true);
    await service.stop();
  });
});

describe('a start is refused', () => {
  test('with one sentence for each fault of the configuration, and without a word of a secret', async () => {
    const directory = createTemporaryDirectory();
    const token = generateSecret('kws').reveal();
    const damaged = `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`;
    const ended = await keywright(['serve', '--log-level', 'loud'], {
      env: {
        KEYWRIGHT_HOST: 'http://127.0.0.1',
        KEYWRIGHT_PORT: '65536',
        KEYWRIGHT_DATA_DIR: '',
        KEYWRIGHT_DATABASE_URL: 'mysql://user:pa55word-of-mysql@host/keywright',
        KEYWRIGHT_PUBLIC_URL: 'https://user:pa55word-of-a-url@keys.example.com',
        KEYWRIGHT_BOOTSTRAP_KEY: damaged,
        KEYWRIGHT_METRICS_TOKEN_FILE: directory,
        KEYWRIGHT_BOOTSTRAP_KEYS: 'secret-under-a-wrong-name',
      },
    });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    const sentences = sentencesOf(ended);
    expect(sentences).toEqual([
      expect.stringMatching(/^KEYWRIGHT_HOST must be .+, but is "http:\/\/127\.0\.0\.1"\.$/),
      expect.stringMatching(/^KEYWRIGHT_PORT must be .+, but is "65536"\.$/),
      expect.stringMatching(/^KEYWRIGHT_DATA_DIR is empty.+\.$/),
      expect.stringMatching(/^KEYWRIGHT_DATABASE_URL must be .+\.$/),
      expect.stringMatching(/^KEYWRIGHT_PUBLIC_URL must be .+\.$/),
      expect.stringMatching(/^KEYWRIGHT_BOOTSTRAP_KEY must be a token .+ right checksum.+\.$/),
      expect.stringMatching(/^The file that KEYWRIGHT_METRICS_TOKEN_FILE names is a directory\.$/),
      expect.stringMatching(/^--log-level must be one of .+, but is "loud"\.$/),
      expect.stringMatching(
        /^KEYWRIGHT_BOOTSTRAP_KEYS is not a setting .+ did you mean KEYWRIGHT_BOOTSTRAP_KEY\?$/,
      ),
    ]);
    for (const secret of ['pa55word', damaged.slice(4, 20), 'secret-under-a-wrong-name'])
      expect(ended.stderr).not.toContain(secret);
  });

  test('when a setting has two sources', async () => {
    const ended = await keywright(['serve'], {
      env: { KEYWRIGHT_METRICS_TOKEN: 'the-token-itself-0123456789', KEYWRIGHT_METRICS_TOKEN_FILE: 'file' },
    });
    expect(ended.code).toBe(1);
    expect(sentencesOf(ended)).toEqual([
      'KEYWRIGHT_METRICS_TOKEN and KEYWRIGHT_METRICS_TOKEN_FILE are both set: keep one.',
    ]);
  });

  test('when something else listens on the port, and the data are let go of', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const port = String((other.address() as { port: number }).port);
    const dataDir = createTemporaryDirectory();
    const ended = await keywright(['serve', '--port', port, '--data-dir', dataDir]);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(sentencesOf(ended)).toEqual([
      expect.stringMatching(`^Cannot listen on 127.0.0.1 port ${port}: another program listens there.`),
    ]);
    await startService({ dataDir });
  });

  test.each(['--host', '--gateway-host', '--auth-host'])('when it has no such address: %s', async (flag) => {
    const dataDir = createTemporaryDirectory();
    const args = ['serve', '--port', '0', '--auth-port', '0', '--data-dir', dataDir, flag, '192.0.2.1'];
    expect(sentencesOf(await keywright(args))).toEqual([
      `Cannot listen on 192.0.2.1 port 0: this machine has no such address. Set ${flag} to an address of this machine, or to 0.0.0.0 for every one.`,
    ]);
  });

  test.each([
    ['that nobody listens on', { port: '1' }, 'ECONNREFUSED', 'See that PostgreSQL runs'],
    ['with a wrong password', { password: 'wrong-pa55word' }, 'authentication failed', 'Correct the user'],
    ['with an unknown database', { pathname: '/no-such-database' }, 'does not exist', 'Make it'],
    [
      'without the TLS that is asked for',
      { search: '?sslmode=verify-full' },
      'SSL',
      'See to the certificate',
    ],
    ['without TLS, in a word that the driver warns of', { search: '?sslmode=require' }, 'SSL', 'See to the'],
  ])('by a PostgreSQL %s, with what to do and without the password', async (_, wrong, fault, remedy) => {
    const url = new URL(inject('postgresUrl'));
    const { password } = url;
    Object.assign(url, wrong);
    const ended = await keywright(['serve', '--port', '0'], { env: { KEYWRIGHT_DATABASE_URL: url.href } });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    const sentence = new RegExp(`^The database cannot be used: .*${fault}.*\\. ${remedy}.+[^.]\\.$`);
    expect(sentencesOf(ended)).toEqual([expect.stringMatching(sentence)]);
    for (const secret of [password, url.password]) expect(ended.stderr).not.toContain(secret);
  });

  test.each([
    ['that can only be read', 'ALTER DATABASE $ SET default_transaction_read_only = on', /read-only\. Let/],
    [
      'whose schema is not there',
      'ALTER DATABASE $ SET search_path = nowhere',
      /no schema.+\. Make the schema/,
    ],
    ['with tables of something else', 'CREATE TABLE keys (id int)', /"keys" already exists\. Tables of/],
  ])('by a database %s', async (_, statement, sentence) => {
    const place = await createDatabase();
    await place.query(statement.replace('$', new URL(place.location).pathname.slice(1)));
    const ended = await keywright(['serve', '--port', '0'], { env: settingsOf(place) });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(sentencesOf(ended)).toEqual([expect.stringMatching(sentence)]);
  });

  test('by a database that takes no changes any more', async () => {
    const place = await createDatabase();
    await (await startService({ databaseUrl: place.location })).stop();
    await place.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE 'could not extend file' USING ERRCODE = '53100'; END $$`);
    await place.query('CREATE TRIGGER refuse BEFORE INSERT ON service_keys EXECUTE FUNCTION refuse()');
    const env = { ...settingsOf(place), KEYWRIGHT_BOOTSTRAP_KEY: generateSecret('kws').reveal() };
    const ended = await keywright(['serve', '--port', '0'], { env });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(sentencesOf(ended)).toEqual([
      'Not started: The disk of the database is full. Nothing was changed.',
    ]);
  });
});

describe('a Node.js that is too old', () => {
  const sentence = (version: string) =>
    `keywright: Keywright needs Node.js 24 or newer, and this is Node.js ${version}: install a newer one (https://nodejs.org).\n`;

  test.each(['22.19.0', '23.11.1'])('is refused before anything else is loaded: %s', async (version) => {
    const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
    const ended = await keywright(['serve'], {
      nodeArguments: ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`],
      env: { KEYWRIGHT_PORT: 'wrong as well' },
    });
    expect(ended).toEqual({ code: 1, stdout: '', stderr: sentence(version) });
  });

  // The machine's own, where it has one; the tests bring theirs along.
  const system = findSystemNode();
  test.runIf(system !== null && Number.parseInt(system.version, 10) < 24)('is refused for real', async () => {
    const { path = '', version = '' } = system ?? {};
    const ended = await keywright(['serve'], { node: path });
    expect(ended).toEqual({ code: 1, stdout: '', stderr: sentence(version) });
  });
});

function findSystemNode(): { path: string; version: string } | null {
  const path = '/usr/bin/node';
  if (!existsSync(path)) return null;
  return { path, version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim().slice(1) };
}
