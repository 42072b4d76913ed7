import { mkdirSync } from 'node:fs';
import { listProjects } from '../packages/server/src/projects/list-projects.ts';
import { madeUpSecret } from './made-up-keys.ts';
import { seed } from './seed.ts';
import { makePlace, openEngine } from './seeded.ts';
import { caller } from './workshop.ts';

/*
 * `npm run seed -- <directory or postgres://…> [count]` fills an empty database with made-up keys, a million unless told
 * otherwise, for whoever wants to try a server with that many. It is no part of the product.
 */
const [location, given = '1000000'] = process.argv.slice(2);
const count = Number(given);
if (location === undefined || !Number.isSafeInteger(count) || count < 1 || count > 10_000_000) {
  console.error(
    'Usage: npm run seed -- <data directory or postgres://…> [how many keys, 10,000,000 at most]',
  );
  process.exit(2);
}
if (!location.startsWith('postgres')) mkdirSync(location, { recursive: true, mode: 0o700 });
const { context, close } = await openEngine(location);
const { items } = await listProjects(context, caller, { limit: 1 });
if (items.length > 0) {
  await close();
  console.error('There are projects in this database already: seed an empty one.');
  process.exit(1);
}
const place = await makePlace(context);
await close();
const start = performance.now();
await seed(location, place, count, caller);
const seconds = ((performance.now() - start) / 1000).toFixed(1);
console.log(`${count.toLocaleString('en')} keys in the project ${place.projectId}, in ${seconds} s.`);
console.log(`The secret of the first is ${madeUpSecret(0)}`);
