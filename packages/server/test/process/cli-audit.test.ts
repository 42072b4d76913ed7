import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { LedgerExportRow } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { client } from '../support/client.ts';
import { createDirectory, forEachEngine, type Place } from '../support/engines.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { clone } from './support/clone.ts';
import { createTemporaryDirectory } from './support/directory.ts';
import { type Ended, keywright, settingsOf } from './support/program.ts';

/** The bootstrap key, a project, and these. */
const keyCount = 8;
const rowCount = keyCount + 2;

forEachEngine((createPlace) => {
  test('audit verify and audit head: while the service runs and afterwards, with a head that was kept', async () => {
    const place = await createPlace();
    const { service, createKeys } = await startWithKeys(place);
    const kept = await audit(place, 'head');
    expect(kept).toEqual({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`^${rowCount}:[0-9a-f]{64}\n$`)),
      stderr: '',
    });
    const head = kept.stdout.trim();
    const json = JSON.parse((await audit(place, 'head', '--json')).stdout);
    expect(`${json.seq}:${json.hash}`).toBe(head);

    // Changes go on while it looks.
    const changing = createKeys('more', 100);
    const during = await audit(place, 'verify', '--head', head, '--json');
    expect(during.code, during.stdout + during.stderr).toBe(0);
    await changing;
    expect(await service.stop()).toBe(0);
    const after = await audit(place, 'verify', '--head', head);
    expect(after).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^The chain holds: 110 rows, 0 erased\.\nHead: 110:[0-9a-f]{64}\n$/),
      stderr: '',
    });
  });

  test('audit verify tells each kind of tampering, and the first row that does not hold', async () => {
    const place = await createPlace();
    const { service } = await startWithKeys(place);
    await service.stop();
    const head = (await audit(place, 'head')).stdout.trim();
    const tamper = async (statements: string[], ...args: string[]) => {
      const copy = await clone(place);
      for (const statement of statements) await copy.query(statement);
      const { code, stdout } = await audit(copy, 'verify', '--json', ...args);
      return { code, ...JSON.parse(stdout) };
    };
    const broken = (seq: number, reason: string) => ({ code: 1, holds: false, seq, reason, rows: seq - 1 });

    expect(
      await tamper([`UPDATE ledger SET body = replace(body, 'key.created', 'key.deleted') WHERE seq = 5`]),
    ).toMatchObject(broken(5, 'wrong_hash'));
    expect(await tamper([`UPDATE ledger SET actor_id = 'svc_somebody_else' WHERE seq = 6`])).toMatchObject(
      broken(6, 'wrong_column'),
    );
    expect(
      await tamper(['DELETE FROM ledger_private WHERE seq = 4', 'DELETE FROM ledger WHERE seq = 4']),
    ).toMatchObject(broken(4, 'missing_rows'));
    expect(
      await tamper([`UPDATE ledger_private SET json = replace(json, 'Key 3', 'Key 4') WHERE seq = 6`]),
    ).toMatchObject(broken(6, 'wrong_private_part'));

    const cutOff = ['DELETE FROM ledger_private WHERE seq > 7', 'DELETE FROM ledger WHERE seq > 7'];
    expect(await tamper(cutOff)).toMatchObject(broken(8, 'cut_off'));
    const rewound = [
      ...cutOff,
      'UPDATE ledger_head SET seq = 7, hash = (SELECT hash FROM ledger WHERE seq = 7)',
    ];
    // Whoever may do all of this leaves a chain that holds. Only a head that was kept elsewhere tells.
    expect(await tamper(rewound)).toMatchObject({ code: 0, holds: true, rows: 7 });
    expect(await tamper(rewound, '--head', head)).toMatchObject(broken(8, 'cut_off'));
    expect(
      await tamper(
        [],
        '--head',
        head.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
      ),
    ).toMatchObject(broken(rowCount, 'wrong_kept_head'));

    const copy = await clone(place);
    await copy.query('DELETE FROM ledger_private WHERE seq IN (4, 5)');
    expect(await audit(copy, 'verify', '--head', head)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(`^The chain holds: ${rowCount} rows, 2 erased.\n`),
    });
  });

  test('audit export: what it writes can be verified without the database', async () => {
    const place = await createPlace();
    const { service } = await startWithKeys(place);
    const directory = createTemporaryDirectory();
    const file = join(directory, 'ledger.ndjson');
    const [toFile, toStdout] = [await exportTo(place, directory), await audit(place, 'export')];
    const told = expect.stringMatching(`^Wrote ${rowCount} rows to ${file}\\.\nHead: ${rowCount}:`);
    expect(toFile).toEqual({ code: 0, stdout: told, stderr: '' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, 'utf8');
    expect(toStdout).toEqual({ code: 0, stdout: text, stderr: '' });
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as LedgerExportRow);
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: rowCount }, (_, index) => index + 1));
    const overHttp = await client(service.url, service.bootstrapKey).request('GET', '/v1/ledger', {
      headers: { Accept: 'application/x-ndjson' },
    });
    expect(overHttp.text).toBe(text);

    const compressed = join(directory, 'ledger.ndjson.gz');
    const asJson = await audit(place, 'export', '--output', compressed, '--json');
    expect(JSON.parse(asJson.stdout)).toEqual({
      file: compressed,
      rows: rowCount,
      head: (await audit(place, 'head')).stdout.trim(),
    });
    expect(gunzipSync(readFileSync(compressed)).toString()).toBe(text);

    const again = await exportTo(place, directory);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('exists already: add --force') });
    expect(readFileSync(file, 'utf8')).toBe(text);

    const verify = (...args: string[]) =>
      keywright(['audit', 'verify', '--file', ...args], { env: { INIT_CWD: directory } });
    const head = (await audit(place, 'head')).stdout.trim();
    expect(await verify('ledger.ndjson', '--head', head)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Head: ${head}`),
    });
    expect(await keywright(['audit', 'verify', '--file', '-'], { stdin: text })).toMatchObject({ code: 0 });
    const edited = text.replace('"name":"Key 3"', '"name":"Key X"');
    expect(edited).not.toBe(text);
    writeFileSync(join(directory, 'edited.ndjson'), edited);
    expect(await verify('edited.ndjson')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^The chain does not hold: row 6 /),
    });
    writeFileSync(join(directory, 'cut.ndjson'), text.split('\n').slice(0, 5).join('\n'));
    expect(await verify('cut.ndjson')).toMatchObject({ code: 0 });
    expect(await verify('cut.ndjson', '--head', head)).toMatchObject({ code: 1 });
    expect(await verify('nothing.ndjson')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('audit verify', () => {
  test('answers 2 when it could not look', async () => {
    const { location } = await createDirectory();
    const env = { KEYWRIGHT_DATA_DIR: location };
    const empty = await keywright(['audit', 'verify'], { env });
    expect(empty).toEqual({
      code: 2,
      stdout: '',
      stderr: `keywright: not checked: There is no database in ${location} yet: start Keywright once.\n`,
    });
    expect(await keywright(['audit', 'verify', '--head', 'no head'], { env })).toMatchObject({ code: 2 });
    expect(
      await keywright(['audit', 'verify'], { env: { KEYWRIGHT_DATABASE_URL: 'postgres://127.0.0.1:1/x' } }),
    ).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^keywright: not checked: .*ECONNREFUSED/),
    });
  });
});

async function startWithKeys(place: Place): Promise<{
  service: RunningService;
  createKeys(name: string, count: number): Promise<void>;
}> {
  const service = await startService({ env: settingsOf(place) });
  const api = client(service.url, service.bootstrapKey);
  const body = { name: 'Project', policy: { maxKeysPerOwner: null } };
  const { id: projectId } = await api.call('createProject', { body });
  for (let number = 0; number < keyCount; number++) {
    await api.call('createKey', { params: { projectId }, body: { name: `Key ${number}`, ownerId: 'owner' } });
  }
  return {
    service,
    async createKeys(name, count) {
      const create = (number: number) =>
        api.call('createKey', { params: { projectId }, body: { name: `${name} ${number}` } });
      await Promise.all(Array.from({ length: count }, (_, number) => create(number)));
    },
  };
}

function audit(place: Place, ...args: string[]): Promise<Ended> {
  return keywright(['audit', ...args], { env: settingsOf(place) });
}

/** As somebody does who is in this directory. */
function exportTo(place: Place, directory: string): Promise<Ended> {
  const env = { ...settingsOf(place), INIT_CWD: directory };
  return keywright(['audit', 'export', '--output', 'ledger.ndjson'], { env });
}
