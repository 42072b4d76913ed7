import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, cpSync, openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { controlFile } from '../../src/cli/connection/control-file.ts';
import { client } from '../support/client.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { createTemporaryDirectory } from './support/directory.ts';
import { keywright } from './support/program.ts';
import { atTerminal, hasTerminals } from './support/terminal.ts';

const secretOf = (name: string) => `legacy-${name}-${'x'.repeat(20)}`;
const sha256 = (name: string, encoding: 'hex' | 'base64' = 'hex') =>
  createHash('sha256').update(secretOf(name)).digest(encoding);

function write(name: string, content: string | Buffer): string {
  const path = join(createTemporaryDirectory(), name);
  writeFileSync(path, content);
  return path;
}

describe('keywright import', () => {
  let service: RunningService;
  let env: Record<string, string>;
  beforeAll(async () => {
    service = await startService();
    env = { KEYWRIGHT_DATA_DIR: service.dataDir };
    await client(service.url, service.bootstrapKey).call('createProject', { body: { name: 'Shop' } });
    return async () => {
      await service.stop();
    };
  });
  const run = (...args: string[]) => keywright(['import', ...args], { env });
  const verify = async (name: string) => {
    const api = client(service.url, service.bootstrapKey);
    return (await api.call('verify', { body: { key: secretOf(name) } })).code;
  };

  test('takes over a table, says which rows were refused and why, and loses none of the others', async () => {
    const rows = [
      '\ufeffsha256,name,ownerId,expiresAt',
      `${sha256('one')},One,customer-1,2099-01-01T00:00:00Z`,
      `${sha256('two', 'base64')},One,customer-1,`,
      'not-a-hash,Three,customer-1,',
      `${sha256('one')},Four,customer-1,`,
      `${sha256('five')},Five,customer-2,2001-01-01T00:00:00Z`,
      `${sha256('six', 'base64')},Six,,`,
    ];
    const file = write('keys.csv', rows.join('\n'));
    const dry = await run(file, '--dry-run', '--json');
    expect(dry.code).toBe(1);
    expect(JSON.parse(dry.stdout)).toMatchObject({
      total: 6,
      imported: 0,
      dryRun: true,
      refused: { length: 2 },
    });
    expect(await verify('one')).toBe('malformed');

    const { code, stdout, stderr } = await run(file, '--json');
    expect(code, stderr).toBe(1);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ total: 6, imported: 2, keyIds: { length: 2 }, dryRun: false });
    const why = report.refused.map(({ place, name, errors }: never & Record<string, unknown>) => [
      place,
      name,
      (errors as { path: string }[]).map(({ path }) => path),
    ]);
    expect(why).toEqual([
      ['line 3', 'One', ['name']],
      ['line 4', 'Three', ['sha256']],
      ['line 5', 'Four', ['sha256']],
      ['line 6', 'Five', ['expiresAt']],
    ]);
    expect(await Promise.all(['one', 'two', 'five', 'six'].map(verify))).toEqual([
      'valid',
      'not_found',
      'not_found',
      'valid',
    ]);

    const again = await run(file);
    expect(again.code).toBe(1);
    expect(again.stdout).toMatch(/^Imported 0 of 6 keys\.\nAlready here: 2\nRefused: 4\n/);
    expect(again.stdout).not.toMatch(/line 2 |known|is of/);
  });

  test('started again, it passes over what is here, but not what is dead', async () => {
    const rows = ['good', 'off', 'gone', 'old', 'revoked'].map(
      (name) => `${sha256(name)},Again ${name},again`,
    );
    const file = write('again.csv', ['sha256,name,ownerId', ...rows].join('\n'));
    const first = JSON.parse((await run(file, '--json')).stdout) as { keyIds: string[] };
    const api = client(service.url, service.bootstrapKey);
    const again = await run(file, '--json');
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ total: 5, imported: 0, alreadyHere: 5, refused: [] });
    expect((await run(file)).stdout).toBe('Imported 0 of 5 keys.\nAlready here: 5\n');

    const [, off = '', gone = '', old = '', revoked = ''] = first.keyIds;
    await api.call('deactivateKey', { params: { keyId: off } });
    await api.call('deleteKey', { params: { keyId: gone } });
    await api.call('rotateKey', { params: { keyId: old } });
    await api.call('revokeKey', { params: { keyId: revoked } });
    const { code, stdout } = await run(file, '--json');
    expect(code).toBe(1);
    const report = JSON.parse(stdout) as {
      alreadyHere: number;
      refused: { place: string; errors: unknown }[];
    };
    expect(report.alreadyHere).toBe(1);
    expect(report.refused.map(({ place, errors }) => [place, errors])).toEqual([
      ['line 3', [{ path: 'sha256', message: `is of ${off}, which is inactive` }]],
      ['line 4', [{ path: 'sha256', message: `is of ${gone}, which is deleted` }]],
      ['line 5', [{ path: 'sha256', message: `is of a former secret of ${old}, which was rotated` }]],
      ['line 6', [{ path: 'sha256', message: `is of ${revoked}, which is revoked` }]],
    ]);
  });

  test('without the right to read keys it tells what the server tells', async () => {
    const api = client(service.url, service.bootstrapKey);
    const { items } = await api.call('listProjects');
    const projectId = items[0]?.id ?? '';
    const body = { name: 'Importer', scopes: ['keys:write' as const], projectId };
    const { secret } = await api.call('createServiceKey', { body });
    const file = write('write-only.csv', `sha256,name\n${sha256('write-only')},W`);
    const settings = { KEYWRIGHT_URL: service.url, KEYWRIGHT_SERVICE_KEY: secret };
    const send = () => keywright(['import', file, '--project', projectId], { env: settings });
    expect(await send()).toMatchObject({ code: 0, stdout: 'Imported 1 of 1 keys.\n' });
    expect(await send()).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/Refused: 1\n.+sha256 is of a key that is or was here/s),
    });
  });

  test('takes over JSON and lines of JSON, in more portions than one', async () => {
    const keys = Array.from({ length: 1500 }, (_, n) => ({ sha256: sha256(`json-${n}`), name: `Key ${n}` }));
    const json = await run(write('keys.json', JSON.stringify({ keys })));
    expect([json.code, json.stdout], json.stderr).toEqual([0, 'Imported 1500 of 1500 keys.\n']);
    expect(await Promise.all(['json-0', 'json-1499'].map(verify))).toEqual(['valid', 'valid']);
    const lines = [JSON.stringify({ sha256: sha256('line'), name: 'Line' }), '{"sha256": oops'];
    const ndjson = await keywright(['import', '-', '--json'], { env, stdin: lines.join('\n') });
    expect(JSON.parse(ndjson.stdout)).toMatchObject({
      imported: 1,
      refused: [{ place: 'line 2', errors: [{ message: 'is no JSON' }] }],
    });
    expect(ndjson.stdout).not.toContain('oops');
    expect(await verify('line')).toBe('valid');
  });

  test.runIf(hasTerminals)('broken off at a terminal, it says how far it came', async () => {
    const keys = Array.from({ length: 10_000 }, (_, n) => ({
      sha256: sha256(`stop-${n}`),
      name: `Stop ${n}`,
    }));
    const file = write('stop.json', JSON.stringify(keys));
    const { code, shown } = await atTerminal(['import', file], { env, typed: { '10 % imported': '\x03' } });
    expect(code, shown).toBe(130);
    expect(shown).toMatch(/Broke off after \d000 of 10000\. Start it again/);
    expect(await verify('stop-0')).toBe('valid');
  });

  test('says nothing of how far it came where nothing was sent', async () => {
    const file = write(
      'unsent.json',
      JSON.stringify([{ name: 'No hash' }, { sha256: sha256('unsent'), name: 'U' }]),
    );
    const { code, stderr } = await keywright(['import', file, '--project', 'prj_unknown'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain('not_found');
    expect(stderr).not.toContain('Broke off');
  });

  test('says of a record that is no key what it must be, in the words of the API', async () => {
    const good = { sha256: sha256('words'), name: 'Words' };
    const file = write(
      'words.json',
      JSON.stringify([
        'text',
        null,
        { ...good, status: 'revoked' },
        { sha256: good.sha256 },
        { ...good, name: 5 },
      ]),
    );
    const { code, stdout } = await run(file, '--json', '--dry-run');
    expect(code).toBe(1);
    expect(JSON.parse(stdout).refused.map(({ errors }: { errors: unknown }) => errors)).toEqual([
      [{ path: '', message: 'must be an object' }],
      [{ path: '', message: 'must be an object' }],
      [{ path: 'status', message: 'is not a field here' }],
      [{ path: 'name', message: 'is required' }],
      [{ path: 'name', message: 'must be a string' }],
    ]);
  });

  test('refuses with a sentence what it cannot read', async () => {
    const huge = write('huge.csv', 'sha256,name\n');
    truncateSync(huge, 50 * 1024 * 1024);
    for (const [file, sentence] of [
      [huge, /is larger than 32 MiB\. Split it/],
      [write('broken.csv', Buffer.from([0x73, 0xff, 0xfe])), /not text in UTF-8/],
      [write('empty.ndjson', '\n\n'), /There is no key in/],
      [write('cut.json', '[{"sha256":"'), /no JSON: is it cut off/],
      [write('keys.xlsx', 'PK'), /must end in \.csv, \.json or \.ndjson/],
      [join(createTemporaryDirectory(), 'none.csv'), /cannot be read: ENOENT/],
    ] as const) {
      const { code, stdout, stderr } = await run(file);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(sentence);
      expect(stderr).not.toContain('    at ');
    }
  });

  test('reads of a pipe no more than of a file', async () => {
    const pipe = join(createTemporaryDirectory(), 'pipe.csv');
    execFileSync('mkfifo', [pipe]);
    const end = openSync(pipe, 'r+');
    const writer = spawn('head', ['-c', '50000000', '/dev/zero'], { stdio: ['ignore', end, 'ignore'] });
    closeSync(end);
    const { code, stderr } = await run(pipe);
    expect([code, stderr]).toEqual([2, expect.stringContaining('is larger than 32 MiB. Split it')]);
    writer.kill();
  });
});

/** Which server is started in the place of one that was killed, at the same port, where it does not know its token. */
const successors = {
  'on the same directory': (dataDir: string, env: Record<string, string>) => startService({ dataDir, env }),
  // A server listens a moment before it has left its token for commands; here that moment is made longer.
  'and has not left its token yet': async (dataDir: string, env: Record<string, string>) => {
    const copy = createTemporaryDirectory();
    cpSync(dataDir, copy, { recursive: true });
    const started = await startService({ dataDir: copy, env });
    await sleep(1500);
    const [left, own] = [dataDir, copy].map((directory) => join(directory, controlFile)) as [string, string];
    const { database } = JSON.parse(readFileSync(left, 'utf8'));
    writeFileSync(left, JSON.stringify({ ...JSON.parse(readFileSync(own, 'utf8')), database }));
    return started;
  },
};

test.runIf(hasTerminals).each(Object.entries(successors))(
  'an import goes on with the server that was started in the place of the one that it began with, %s',
  async (_name, startNext) => {
    const dataDir = createTemporaryDirectory();
    const service = await startService({ dataDir });
    await client(service.url, service.bootstrapKey).call('createProject', { body: { name: 'Shop' } });
    const keys = Array.from({ length: 5000 }, (_, n) => ({
      sha256: sha256(`restart-${n}`),
      name: `Key ${n}`,
    }));
    let next: Promise<RunningService> | undefined;
    const restart = () => {
      const env = {
        KEYWRIGHT_PORT: new URL(service.url).port,
        KEYWRIGHT_BOOTSTRAP_KEY: service.bootstrapKey,
      };
      next = service.kill().then(() => startNext(dataDir, env));
    };
    const file = write('restart.json', JSON.stringify(keys));
    const env = { KEYWRIGHT_DATA_DIR: dataDir };
    const { code, shown } = await atTerminal(['import', file], { env, typed: { '20 % imported': restart } });
    expect(code, shown).toBe(0);
    expect(shown).toContain('Imported 5000 of 5000 keys.');
    await (await next)?.stop();
  },
);
