import { createHash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generateSecret } from '../../src/keys/secret-format.ts';
import { databaseFile } from '../../src/storage/sqlite-files.ts';
import { client } from '../support/client.ts';
import { forEachEngine, type Place } from '../support/engines.ts';
import { startService } from '../support/running-service.ts';
import { until } from '../support/waiting.ts';
import { keywright, settingsOf } from './support/program.ts';

const count = 5000;

forEachEngine((createPlace) => {
  test('killed in the middle of an import: none of its keys is there, and the same import passes afterwards', async () => {
    const place = await createPlace();
    const bootstrapKey = generateSecret('kws').reveal();
    const env = { ...settingsOf(place), KEYWRIGHT_BOOTSTRAP_KEY: bootstrapKey };
    const service = await startService({ env });
    const api = client(service.url, bootstrapKey);
    const { id: projectId } = await api.call('createProject', { body: { name: 'P' } });
    const secrets = Array.from({ length: count }, () => randomBytes(20).toString('hex'));
    const keys = secrets.map((secret, i) => ({
      sha256: createHash('sha256').update(secret).digest('hex'),
      name: `Key ${i}`,
    }));
    const importing = api.send('importKeys', { params: { projectId }, body: { keys } }).then(
      (answer) => `answered ${answer.status}`,
      () => 'cut off',
    );
    await untilWriting(place);
    await service.kill();
    expect(await importing).toBe('cut off');
    expect(await place.query('SELECT id FROM keys')).toEqual([]);
    expect(await place.query("SELECT seq FROM ledger WHERE action = 'key.imported'")).toEqual([]);

    const again = await startService({ env });
    const later = client(again.url, bootstrapKey);
    const ask = async () => {
      const requests = secrets.slice(0, 100).map((key) => ({ key }));
      const { results } = await later.call('verifyBatch', { body: { requests } });
      return new Set(results.map(({ code }) => code));
    };
    expect(await ask()).toEqual(new Set(['malformed']));
    const { imported } = await later.call('importKeys', { params: { projectId }, body: { keys } });
    expect(imported).toBe(count);
    expect(await ask()).toEqual(new Set(['valid']));
    await again.stop();
    const [whole] = await place.query(
      `SELECT CAST(count(*) AS int) AS count FROM keys JOIN secrets ON secrets.key_id = keys.id
       JOIN ledger ON ledger.subject_id = keys.id AND ledger.action = 'key.imported'`,
    );
    expect(whole).toEqual({ count });
    const { code, stdout, stderr } = await keywright(['audit', 'verify'], { env: settingsOf(place) });
    expect(code, stdout + stderr).toBe(0);
  });

  test('killed right after the commit of a request with an Idempotency-Key: sent again, it answers and adds nothing', async () => {
    const place = await createPlace();
    const bootstrapKey = generateSecret('kws').reveal();
    const env = { ...settingsOf(place), KEYWRIGHT_BOOTSTRAP_KEY: bootstrapKey };
    let service = await startService({ env });
    const { id: projectId } = await client(service.url, bootstrapKey).call('createProject', {
      body: { name: 'P' },
    });
    const keys = Array.from({ length: 500 }, (_, i) => ({
      sha256: randomBytes(32).toString('hex'),
      name: `Key ${i}`,
    }));
    const sent = { params: { projectId }, body: { keys }, headers: { 'Idempotency-Key': 'once' } };
    const first = client(service.url, bootstrapKey).send('importKeys', sent);
    const outcome = first.then(({ text }) => text).catch(() => 'cut off');
    await until(
      async () => (await place.query('SELECT id FROM idempotency')).length === 1,
      'it is committed',
    );
    await service.kill();

    service = await startService({ env });
    const again = await client(service.url, bootstrapKey).send('importKeys', sent);
    expect(again.status, again.text).toBe(201);
    expect(['cut off', again.text]).toContain(await outcome);
    const ids = (await place.query<{ id: string }>('SELECT id FROM keys')).map(({ id }) => id);
    expect(ids.sort()).toEqual((again.json as { keyIds: string[] }).keyIds.sort());
    await service.stop();
  });
});

/** Waits until the import has written a good part of its keys, and is not done. */
async function untilWriting(place: Place): Promise<void> {
  await until(async () => {
    if (place.engine === 'sqlite') return walSize(place) > 2 * 1024 * 1024;
    const rows = await place.query<{ query: string }>(
      `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'INSERT INTO secrets%'`,
    );
    return rows.length > 0;
  }, 'the import writes');
}

/** What does not fit into SQLite's memory goes into its log before the commit. */
function walSize({ location }: Place): number {
  return statSync(join(location, `${databaseFile}-wal`), { throwIfNoEntry: false })?.size ?? 0;
}
