import { writeSync } from 'node:fs';
import { openPostgres } from '../../src/storage/postgres.ts';
import { insertProject } from '../support/records.ts';

// Owns a database and commits a project to it, until the end of its standard input or its own.
const [url = ''] = process.argv.slice(2);
const storage = await openPostgres({ url, onIdleError() {} });
await storage.transaction((stores) => insertProject(stores, { name: 'Of the other process' }));
writeSync(1, 'holding\n');
process.stdin.on('close', () => void storage.close()).resume();
