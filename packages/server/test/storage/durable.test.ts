import { expect, onTestFinished, test } from 'vitest';
import { createPool } from '../../src/storage/postgres.ts';
import { createDatabase } from '../support/engines.ts';

test('on PostgreSQL a commit waits for the disk, whatever the default; one that waits for copies too still does', async () => {
  const place = await createDatabase();
  const name = new URL(place.location).pathname.slice(1);
  for (const [byDefault, used] of [
    ['off', 'on'],
    ['remote_apply', 'remote_apply'],
  ]) {
    await place.query(`ALTER DATABASE ${name} SET synchronous_commit = ${byDefault}`);
    const pool = createPool(place.location, () => {});
    onTestFinished(() => pool.end());
    const { rows } = await pool.query('SHOW synchronous_commit');
    expect(rows).toEqual([{ synchronous_commit: used }]);
  }
});
