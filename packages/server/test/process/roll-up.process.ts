import { writeSync } from 'node:fs';
import { openPostgres } from '../../src/storage/postgres.ts';
import { openSqlite } from '../../src/storage/sqlite.ts';
import { UsageUpkeep } from '../../src/usage/usage-upkeep.ts';

// Rolls the usage of a database up as the service does ten minutes after its start, until it is done.
const [engine, location = ''] = process.argv.slice(2);
const storage =
  engine === 'sqlite' ? await openSqlite(location) : await openPostgres({ url: location, onIdleError() {} });
writeSync(1, 'begun\n');
await new UsageUpkeep({
  transaction: storage.backgroundTransaction,
  clock: { now: Date.now, isSettled: () => true },
  log: { info() {}, warn() {} },
}).run();
await storage.close();
writeSync(1, 'done\n');
