import { writeSync } from 'node:fs';
import { openSqlite } from '../../src/storage/sqlite.ts';
import { insertProject } from '../support/records.ts';

// Owns a data directory and commits a project to it, until the end of its standard input or its own.
const [directory = ''] = process.argv.slice(2);
const storage = await openSqlite(directory);
await storage.transaction((stores) => insertProject(stores, { name: 'Of the other process' }));
writeSync(1, 'holding\n');
process.stdin.on('close', () => void storage.close()).resume();
