import { expect, test } from 'vitest';
import { closestName } from './closest-name.ts';

const names = ['HOST', 'PORT', 'DATA_DIR', 'DATABASE_URL', 'DATABASE_URL_FILE', 'LOG_LEVEL'];

test.each([
  ['PROT', 'PORT'],
  ['HOSTS', 'HOST'],
  ['DATADIR', 'DATA_DIR'],
  ['DATABASE_URI', 'DATABASE_URL'],
  ['DATABASE', 'DATABASE_URL'],
  ['LOGLEVEL', 'LOG_LEVEL'],
])('%s was meant to be %s', (name, meant) => {
  expect(closestName(name, names)).toBe(meant);
});

test.each(['', 'FOO', 'SECRET', 'ADMIN_EMAIL', 'D'])('%j is near to none', (name) => {
  expect(closestName(name, names)).toBeNull();
});
