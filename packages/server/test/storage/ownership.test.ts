import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StartupError } from '../../src/startup-error.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { startProcess } from '../support/child-process.ts';
import { createDatabase, createDirectory, forEachEngine } from '../support/engines.ts';
import { insertProject } from '../support/records.ts';

const holders = {
  sqlite: new URL('./hold-directory.process.ts', import.meta.url),
  postgres: new URL('./hold-database.process.ts', import.meta.url),
};

forEachEngine((createPlace, engine) => {
  test('what another process holds is refused, and had as soon as that one was killed', async () => {
    const place = await createPlace();
    const holder = startProcess(holders[engine], [place.location]);
    await holder.says('holding');
    expect(await refusal(place.open())).toMatch(/^Another Keywright runs on .+\. Stop it first.+\.$/);
    await holder.kill();
    const storage = await place.open();
    const projects = await storage.stores.projects.list(null, { from: null, direction: 'next', limit: 10 });
    expect(projects.map(({ name }) => name)).toEqual(['Of the other process']);
    await storage.transaction((stores) => insertProject(stores));
  });
});

test('on PostgreSQL a start waits a moment for a process that is just stopping', async () => {
  const place = await createDatabase();
  const former = await place.open();
  const starting = place.open();
  await former.stores.projects.count(null, 1);
  await former.close();
  const latter = await starting;
  expect(await latter.node.beat(0)).toMatchObject({ headSeq: 0 });
});

describe('a data directory', () => {
  test('is refused to a second opening of the same process too, which does not disturb the first', async () => {
    const place = await createDirectory();
    const storage = await place.open();
    expect(await refusal(place.open())).toContain('Another Keywright runs on');
    await storage.transaction((stores) => insertProject(stores));
    expect(await storage.stores.projects.count(null, 10)).toBe(1);
    expect(await storage.node.beat(0)).toMatchObject({ headSeq: 0 });
    // The first still holds it: a lock of POSIX would have been lost when the second closed its file.
    expect(await refusal(place.open())).toContain('Another Keywright runs on');
    await storage.close();
    await place.open();
  });

  test.each(['', '-wal', '-shm'])('whose database%s every user can read is refused', async (suffix) => {
    const place = await createDirectory();
    await (await place.open()).close();
    const path = join(place.location, `keywright.db${suffix}`);
    if (!existsSync(path)) writeFileSync(path, '');
    for (const file of readdirSync(place.location)) chmodSync(join(place.location, file), 0o600);
    chmodSync(place.location, 0o755);
    chmodSync(path, 0o604);
    const reason = await refusal(place.open());
    expect(reason).toContain(`Every user of this machine can read ${path}.`);
    chmodSync(place.location, 0o750);
    await place.open();
  });

  test('with something else than a database in it is refused with a sentence', async () => {
    const place = await createDirectory();
    writeFileSync(
      join(place.location, 'keywright.db'),
      'This is not a database, but long enough to be one.'.repeat(100),
      {
        mode: 0o600,
      },
    );
    expect(await refusal(place.open())).toMatch(/not a database/);
  });
});

/** The sentence with which a start is refused. */
async function refusal(opening: Promise<Storage>): Promise<string> {
  const error = await opening.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartupError);
  return (error as StartupError).message;
}
