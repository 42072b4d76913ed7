import { randomBytes } from 'node:crypto';
import { cpSync } from 'node:fs';
import { inject, onTestFinished } from 'vitest';
import { createDirectory, type Place, queryPostgres } from '../../support/engines.ts';

/** A copy of a place that no service runs on, to be spoilt. It goes with the test. */
export async function clone(place: Place): Promise<Place> {
  if (place.engine === 'sqlite') {
    const copy = await createDirectory();
    cpSync(place.location, copy.location, { recursive: true });
    return copy;
  }
  const url = new URL(place.location);
  const name = `test_${randomBytes(8).toString('hex')}`;
  const server = inject('postgresUrl');
  await queryPostgres(server, `CREATE DATABASE ${name} TEMPLATE ${url.pathname.slice(1)}`);
  onTestFinished(() => queryPostgres(server, `DROP DATABASE ${name} WITH (FORCE)`).then(() => {}));
  url.pathname = `/${name}`;
  const location = url.href;
  return { ...place, location, query: (statement) => queryPostgres(location, statement) };
}
