import { writeSync } from 'node:fs';
import type { Engine } from '../../src/storage/engine.ts';
import { migrations } from '../../src/storage/migrations/index.ts';
import { openPostgres } from '../../src/storage/postgres.ts';
import { openSqlite } from '../../src/storage/sqlite.ts';

// Starts as a program with one more migration than there is, which changes much and then never ends.
const [engine = 'sqlite', location = ''] = process.argv.slice(2) as [Engine?, string?];

const hang = {
  sqlite: 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n',
  // Only so long, because the server goes on with it after its client is dead.
  postgres: 'SELECT pg_sleep(2)',
};

function* half(): Generator<string> {
  yield 'CREATE TABLE half_done (id integer)';
  yield 'INSERT INTO half_done VALUES (1)';
  yield 'ALTER TABLE projects ADD COLUMN half_done integer';
  yield `UPDATE projects SET name = 'half done'`;
  yield 'DROP INDEX keys_project_name';
  writeSync(1, 'inside\n');
  yield hang[engine];
}

Object.assign(migrations, { '9000-half': half });
if (engine === 'sqlite') await openSqlite(location);
else await openPostgres({ url: location, onIdleError() {} });
writeSync(1, 'migrated\n');
