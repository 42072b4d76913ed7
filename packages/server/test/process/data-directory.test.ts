import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { client } from '../support/client.ts';
import { createDatabase, forEachEngine } from '../support/engines.ts';
import { startService } from '../support/running-service.ts';
import { createTemporaryDirectory } from './support/directory.ts';
import { keywright, sentencesOf, settingsOf } from './support/program.ts';
import { findPlainUser, isOpenToAll } from './support/users.ts';

describe('the data directory', () => {
  test('is made with all directories above it, for nobody but its user, whatever the umask', async () => {
    const parent = createTemporaryDirectory();
    const dataDir = join(parent, 'a/b');
    const before = process.umask(0);
    const service = await startService({ dataDir }).finally(() => process.umask(before));
    expect(modeOf(dataDir)).toBe('700');
    const files = readdirSync(dataDir);
    expect(files).toEqual(
      expect.arrayContaining(['keywright.db', 'keywright.db-wal', 'keywright.db-shm', 'keywright.lock']),
    );
    for (const file of files) expect(modeOf(join(dataDir, file)), file).toBe('600');
    await service.stop();
  });

  test('is one process’s alone, for as long as that one lives', async () => {
    const dataDir = createTemporaryDirectory();
    const first = await startService({ dataDir });
    const second = await keywright(['serve', '--port', '0', '--data-dir', dataDir]);
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(sentencesOf(second)).toEqual([
      expect.stringContaining(`Another Keywright runs on the data directory ${dataDir}.`),
    ]);
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
    await first.kill();
    await startService({ dataDir });
  });

  test('is refused with a database in it that every user of the machine can read', async () => {
    const dataDir = createTemporaryDirectory();
    await (await startService({ dataDir })).stop();
    chmodSync(dataDir, 0o755);
    chmodSync(join(dataDir, 'keywright.db'), 0o644);
    const ended = await keywright(['serve', '--port', '0', '--data-dir', dataDir]);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(sentencesOf(ended)).toEqual([
      expect.stringMatching(`Every user .+ can read ${dataDir}/keywright.db.+ chmod 700 ${dataDir}\\.$`),
    ]);
    // What it advises is enough.
    chmodSync(dataDir, 0o700);
    await startService({ dataDir });
  });

  test('that every user of the machine may write into is warned of', async () => {
    const dataDir = createTemporaryDirectory();
    const quiet = await startService({ dataDir });
    await quiet.stop();
    expect(quiet.logs()).not.toContain('chmod');
    chmodSync(dataDir, 0o777);
    const service = await startService({ dataDir });
    expect(service.logs()).toContain(`"msg":"every user of this machine may look or write into ${dataDir}`);
    await service.stop();
  });

  test('that is moved away while the server runs: nothing is changed that would be lost', async () => {
    const parent = createTemporaryDirectory();
    const [dataDir, elsewhere] = [join(parent, 'data'), join(parent, 'elsewhere')];
    const service = await startService({ dataDir });
    const api = client(service.url, service.bootstrapKey);
    const { id: projectId } = await api.call('createProject', { body: { name: 'Project' } });
    const body = { name: 'Key' };
    const { key, secret } = await api.call('createKey', { params: { projectId }, body });
    const refused = {
      code: 'unavailable',
      detail: 'The file of the database was moved or deleted while the server ran. Nothing was changed.',
    };
    const revoke = { params: { keyId: key.id } };
    const code = async () => (await api.call('verify', { body: { key: secret } })).code;

    renameSync(dataDir, elsewhere);
    expect(await api.refuse('revokeKey', revoke)).toMatchObject(refused);
    // What another server would start on.
    cpSync(elsewhere, dataDir, { recursive: true });
    expect(await api.refuse('revokeKey', revoke)).toMatchObject(refused);
    expect(await code()).toBe('valid');
    expect(await (await fetch(`${service.url}/readyz`)).json()).toMatchObject({
      checks: {
        changes: { ok: false, detail: expect.stringContaining('was moved or deleted: put it back') },
      },
    });

    rmSync(dataDir, { recursive: true });
    renameSync(elsewhere, dataDir);
    await api.call('revokeKey', revoke);
    expect(await code()).toBe('revoked');
    expect(await service.stop()).toBe(0);
    expect(await keywright(['audit', 'verify', '--data-dir', dataDir])).toMatchObject({ code: 0 });
  });

  test('cannot be a file, nor below one', async () => {
    const file = join(createTemporaryDirectory(), 'file');
    writeFileSync(file, '');
    for (const dataDir of [file, join(file, 'data')]) {
      const ended = await keywright(['serve', '--port', '0', '--data-dir', dataDir]);
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(sentencesOf(ended)).toEqual([
        expect.stringMatching(
          `^The data directory ${dataDir} cannot be made: .* Choose another with --data-dir, or make it for the user`,
        ),
      ]);
    }
  });

  test('cannot hold what is no database', async () => {
    const dataDir = createTemporaryDirectory();
    writeFileSync(join(dataDir, 'keywright.db'), 'This is a letter, and not a database. '.repeat(100));
    const ended = await keywright(['serve', '--port', '0', '--data-dir', dataDir]);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(sentencesOf(ended)).toEqual([
      expect.stringMatching(
        `^The database in ${dataDir} cannot be used: .* See that it is the right data directory; `,
      ),
    ]);
  });

  const user = findPlainUser();
  const reaches = process.getuid?.() !== 0 || [process.execPath, import.meta.dirname].every(isOpenToAll);
  describe.runIf(reaches)('that the user of the process', () => {
    const serve = (dataDir: string) => keywright(['serve', '--port', '0', '--data-dir', dataDir], { user });

    test('may not write to is refused with a sentence that names it', async () => {
      const parent = createTemporaryDirectory();
      chmodSync(parent, 0o755);
      const dataDir = join(parent, 'data');
      mkdirSync(dataDir, { mode: 0o555 });
      const ended = await serve(dataDir);
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(sentencesOf(ended)).toEqual([expect.stringContaining(dataDir)]);
      expect(sentencesOf(ended)).not.toEqual([expect.stringContaining('Another Keywright')]);
    });

    test('may not read is not taken for an empty one by a command', async () => {
      const dataDir = createTemporaryDirectory();
      await (await startService({ dataDir })).stop();
      // Whoever runs the tests may be the plain user as well.
      chmodSync(dataDir, 0o000);
      const target = createTemporaryDirectory();
      chmodSync(target, 0o777);
      const run = (...args: string[]) => keywright(args, { user, env: { KEYWRIGHT_DATA_DIR: dataDir } });
      const sentence = `${dataDir}/keywright.db cannot be read (EACCES). Run this as the user that the server runs as.`;
      expect(await run('audit', 'verify')).toEqual({
        code: 2,
        stdout: '',
        stderr: `keywright: not checked: ${sentence}\n`,
      });
      for (const args of [
        ['explain', 'req_x'],
        ['backup', target],
      ])
        expect(await run(...args)).toEqual({ code: 1, stdout: '', stderr: `keywright: ${sentence}\n` });
      const { stdout } = await run('doctor', '--json');
      const { checks } = JSON.parse(stdout) as {
        checks: { name: string; status: string; message: string }[];
      };
      expect(checks).toContainEqual(expect.objectContaining({ name: 'database', message: sentence }));
      chmodSync(dataDir, 0o700);
    });

    test('may not make is refused with a sentence that names it', async () => {
      const parent = createTemporaryDirectory();
      chmodSync(parent, 0o555);
      const ended = await serve(join(parent, 'data'));
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(sentencesOf(ended)).toEqual([expect.stringMatching(`${parent}/data cannot be made`)]);
    });

    test('may read, but with files in it that it may not write, is refused with a sentence that names it', async () => {
      const dataDir = createTemporaryDirectory();
      await (await startService({ dataDir })).stop();
      for (const file of readdirSync(dataDir)) chmodSync(join(dataDir, file), 0o440);
      if (process.getuid?.() === 0) {
        for (const path of [dataDir, ...readdirSync(dataDir).map((file) => join(dataDir, file))])
          chownSync(path, user.uid, user.gid);
      }
      const ended = await serve(dataDir);
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(sentencesOf(ended)).toEqual([expect.stringContaining(dataDir)]);
      expect(sentencesOf(ended)).not.toEqual([expect.stringContaining('Another Keywright')]);
    });
  });
});

describe('a PostgreSQL database', () => {
  test('is one process’s alone, for as long as that one lives', async () => {
    const { location } = await createDatabase();
    const first = await startService({ databaseUrl: location });
    const second = await keywright(['serve', '--port', '0'], { env: { KEYWRIGHT_DATABASE_URL: location } });
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(sentencesOf(second)).toEqual([
      expect.stringMatching(/^Another Keywright runs on this database\. Stop it first/),
    ]);
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
    await first.kill();
    await startService({ databaseUrl: location });
  });
});

forEachEngine((createPlace) => {
  test('a database that a newer program has written is not touched', async () => {
    const place = await createPlace();
    const env = settingsOf(place);
    await (await startService({ env })).stop();
    await place.query(
      `INSERT INTO keywright_migrations (name, timestamp) VALUES ('9999-from-the-future', '2099-01-01')`,
    );
    const ended = await keywright(['serve', '--port', '0'], { env });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(sentencesOf(ended)).toEqual([
      expect.stringMatching(/^This database was written by a newer Keywright\./),
    ]);
  });
});

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}
