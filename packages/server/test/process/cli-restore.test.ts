import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { LedgerRow } from '@keywright/contract';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { browser, newPerson, post, setupTokenOf, signIn } from '../support/account.ts';
import { type Client, client } from '../support/client.ts';
import { createDatabase } from '../support/engines.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { clone } from './support/clone.ts';
import { createTemporaryDirectory } from './support/directory.ts';
import { killBefore } from './support/killer.ts';
import { makePasswordLink, useLink } from './support/links.ts';
import { type Ended, keywright } from './support/program.ts';
import { atTerminal, hasTerminals } from './support/terminal.ts';
import { findPlainUser, isOpenToAll } from './support/users.ts';

interface Made {
  id: string;
  secret: string;
}

/** An instance with keys, and what it takes to look at them. */
interface World {
  service: RunningService;
  api: Client;
  keys: Made[];
  serviceKey: Made;
  env: Record<string, string>;
}

async function build(options: { databaseUrl?: string } = {}, keyCount = 7): Promise<World> {
  const service = await startService({ ...options, dataDir: createTemporaryDirectory() });
  const api = client(service.url, service.bootstrapKey);
  const { id: projectId } = await api.call('createProject', { body: { name: 'Shop' } });
  const keys: Made[] = [];
  for (let n = 0; n < keyCount; n++) {
    const body = { name: `Key of ${n}`, scopes: ['read', 'write'] };
    const { key, secret } = await api.call('createKey', { params: { projectId }, body });
    keys.push({ id: key.id, secret });
  }
  const body = { name: 'CI', scopes: ['keys:read' as const], projectId };
  const { serviceKey, secret } = await api.call('createServiceKey', { body });
  const { databaseUrl } = options;
  const env: Record<string, string> = {
    KEYWRIGHT_DATA_DIR: service.dataDir,
    ...(databaseUrl !== undefined && { KEYWRIGHT_DATABASE_URL: databaseUrl }),
  };
  return { service, api, keys, serviceKey: { id: serviceKey.id, secret }, env };
}

/** Takes power away in every way: what an older database will not know of. */
async function takeAway({ api, keys, serviceKey }: World): Promise<void> {
  const params = keys.map(({ id }) => ({ keyId: id }));
  await api.call('revokeKey', { params: params[0]!, body: { reason: 'leaked' } });
  await api.call('deactivateKey', { params: params[1]! });
  await api.call('deleteKey', { params: params[2]! });
  await api.call('rotateKey', { params: params[3]!, body: { overlapSeconds: 0 } });
  await api.call('updateKey', { params: params[4]!, body: { scopes: ['read'] } });
  await api.call('deactivateKey', { params: params[5]! });
  await api.call('activateKey', { params: params[5]! });
  await api.call('deleteServiceKey', { params: { serviceKeyId: serviceKey.id } });
  const { key } = await api.call('createKey', {
    params: { projectId: await projectOf(api) },
    body: { name: 'Later' },
  });
  await api.call('revokeKey', { params: { keyId: key.id } });
}

async function projectOf(api: Client): Promise<string> {
  return (await api.call('listProjects')).items[0]!.id;
}

function restore(env: Record<string, string>, ...args: string[]): Promise<Ended> {
  return keywright(['restore', ...args], { env });
}

async function backUp({ env }: World): Promise<string> {
  const { code, stdout, stderr } = await keywright(['backup', createTemporaryDirectory(), '--json'], { env });
  expect(code, stderr).toBe(0);
  return (JSON.parse(stdout) as { file: string }).file;
}

async function headOf(env: Record<string, string>): Promise<string> {
  const { code, stdout } = await keywright(['audit', 'verify', '--json'], { env });
  expect(code, stdout).toBe(0);
  return (JSON.parse(stdout) as { head: string }).head;
}

/** Starts a server on what may be another database by now. */
function start(
  { service: { bootstrapKey } }: Pick<World, 'service'>,
  env: Record<string, string>,
): Promise<RunningService> {
  const { KEYWRIGHT_DATA_DIR: dataDir = '', KEYWRIGHT_DATABASE_URL: databaseUrl } = env;
  return startService({ dataDir, databaseUrl, env: { KEYWRIGHT_BOOTSTRAP_KEY: bootstrapKey } });
}

/** How a verification of each key ends, and whether the service key is let in. */
async function look({
  service,
  keys,
  serviceKey,
  env,
}: World): Promise<{ codes: string[]; isLetIn: boolean }> {
  const next = await start({ service }, env);
  const api = client(next.url, service.bootstrapKey);
  const codes: string[] = [];
  for (const { secret } of keys)
    codes.push((await api.call('verify', { body: { key: secret, scopes: ['write'] } })).code);
  const { status } = await client(next.url, serviceKey.secret).request('GET', '/v1/projects');
  await next.stop();
  return { codes, isLetIn: status !== 401 };
}

const alive = ['valid', 'valid', 'valid', 'valid', 'valid', 'valid', 'valid'];
const dead = ['revoked', 'inactive', 'not_found', 'valid', 'insufficient_scope', 'valid', 'valid'];

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

test('an older backup is named what it brings back, is not restored unasked, and replaces nothing for good', async () => {
  const world = await build();
  const { service, env } = world;
  const backup = await backUp(world);
  const restored = await headOf(env);
  expect(await restore(env, backup, '--yes')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^keywright: Another Keywright runs .+ Stop it first: what it has open is replaced\.\n$/,
    ),
  });
  await takeAway(world);
  await service.stop();
  const before = await headOf(env);

  const asked = await restore(env, backup);
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain('--yes');
  const [summary, header, ...lines] = asked.stdout.trimEnd().split('\n');
  expect(summary).toBe('10 changes were made since. What these took away would be back:');
  expect(header).toMatch(/^TIME \(UTC\) +WHAT +WAS +BY$/);
  const was = ['revoked', 'switched off', 'deleted', 'rotated', 'cut: scopes', 'revoked'];
  expect(lines.map((line) => line.split(/ {2,}/)[2])).toEqual(was);
  for (const [n, line] of lines.slice(0, 5).entries())
    expect(line).toMatch(
      new RegExp(
        `^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d  key ${world.keys[n]!.id} \\(Key of ${n}\\) .*  Bootstrap$`,
      ),
    );
  expect(lines[5]).toContain(`service key ${world.serviceKey.id} (CI)`);
  const asJson = await restore(env, backup, '--json');
  expect(JSON.parse(asJson.stdout)).toMatchObject({ done: false, missing: 10 });
  expect(await headOf(env)).toBe(before);

  const done = await restore(env, backup, '--yes', '--json');
  expect(done.code, done.stderr).toBe(0);
  const { former, ...answer } = JSON.parse(done.stdout);
  expect(answer).toMatchObject({ done: true, head: restored, missing: 10 });
  expect(answer.losses.map(({ what }: { what: string }) => what)).toEqual(was);
  const dataDir = env.KEYWRIGHT_DATA_DIR ?? '';
  expect(former).toMatch(/keywright\.db\.before-restore-\d{8}T\d{6}Z$/);
  expect(statSync(former).mode & 0o777).toBe(0o600);
  const left = readdirSync(dataDir).filter((name) => !name.startsWith('keywright.') && name !== 'secret');
  expect(left).toEqual([]);
  expect(await headOf(env)).toBe(restored);
  expect(await look(world)).toEqual({ codes: alive, isLetIn: true });

  // The former one is whole, and can be put back.
  expect(await restore(env, former, '--yes')).toMatchObject({ code: 0 });
  expect(await headOf(env)).toBe(before);
});

test('no session of a backup goes on, since those that ended after it would be back', async () => {
  const world = await build();
  const { service, env } = world;
  const person = newPerson();
  await post(browser(service.url), '/setup', { ...person, token: setupTokenOf(service) });
  const ended = await signIn(service.url, person);
  const backup = await backUp(world);
  expect((await ended.request('POST', '/api/auth/sign-out')).status).toBe(200);
  await service.stop();
  expect((await restore(env, backup, '--yes')).code).toBe(0);
  const next = await start(world, env);
  const { status } = await browser(next.url, { Cookie: ended.cookie }).request('GET', '/v1/me');
  expect(status).toBe(401);
  await signIn(next.url, person);
  await next.stop();
});

test('with --reapply what was dead is dead, and the ledger tells of it', async () => {
  const world = await build();
  const backup = await backUp(world);
  await takeAway(world);
  await world.service.stop();
  const { code, stdout, stderr } = await restore(world.env, backup, '--reapply', '--yes');
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('Made again: 5 of 6.');
  expect(stderr).toMatch(
    new RegExp(`^keywright: key ${world.keys[3]!.id} \\(Key of 3\\) was rotated\\. .+rotate it anew\\.\n$`),
  );
  expect(await look(world)).toEqual({ codes: dead, isLetIn: false });
  const { stdout: ledger } = await keywright(['audit', 'export'], { env: world.env });
  const rows = ledger
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LedgerRow);
  const again = rows.filter(({ actor }) => actor.id === 'command');
  expect(again.map(({ action }) => action)).toEqual([
    'key.revoked',
    'key.deactivated',
    'key.deleted',
    'key.updated',
    'service_key.deleted',
  ]);
  expect(again[0]?.detail).toEqual({ reason: 'leaked' });
  // What is not older than the database itself has nothing to ask about but the replacing.
  expect(await headOf(world.env)).toBe(`${rows.length}:${rows.at(-1)?.hash}`);
});

test('on a new machine an export of the ledger tells what the backup does not know', async () => {
  const world = await build();
  const backup = await backUp(world);
  await takeAway(world);
  await world.service.stop();
  const { stdout: exported } = await keywright(['audit', 'export'], { env: world.env });
  const directory = createTemporaryDirectory();
  const file = join(directory, 'ledger.ndjson.gz');
  writeFileSync(file, gzipSync(exported));
  expect(await keywright(['audit', 'verify', '--file', file])).toMatchObject({ code: 0 });
  const env = { KEYWRIGHT_DATA_DIR: join(directory, 'new') };
  const unknowing = await restore({ KEYWRIGHT_DATA_DIR: join(directory, 'other') }, backup);
  expect(unknowing).toMatchObject({ code: 0, stderr: expect.stringContaining('--ledger') });
  expect(await restore(env, backup, '--ledger', file)).toMatchObject({ code: 2 });
  expect(existsSync(join(env.KEYWRIGHT_DATA_DIR, 'keywright.db'))).toBe(false);
  const { code, stdout, stderr } = await restore(
    env,
    backup,
    '--ledger',
    file,
    '--reapply',
    '--yes',
    '--json',
  );
  expect(code, stderr).toBe(0);
  const answer = JSON.parse(stdout);
  expect(answer).toMatchObject({ done: true, former: null, missing: 10 });
  expect(answer.notReapplied).toMatchObject([{ subject: { id: world.keys[3]!.id } }]);
  expect(await look({ ...world, env })).toEqual({ codes: dead, isLetIn: false });

  const edited = join(directory, 'edited.ndjson');
  writeFileSync(edited, exported.replace('"name":"Key of 3"', '"name":"Key of X"'));
  expect(await restore(env, backup, '--ledger', edited, '--yes')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(`^keywright: ${edited} does not hold: line 6 was changed: .+ says\\.\n$`),
  });
});

test('an export that tells nothing new is no reason to let sessions go on, but to ask', async () => {
  const world = await build({}, 1);
  const { service, env } = world;
  const person = newPerson();
  await post(browser(service.url), '/setup', { ...person, token: setupTokenOf(service) });
  const session = await signIn(service.url, person);
  const exported = join(createTemporaryDirectory(), 'ledger.ndjson');
  expect((await keywright(['audit', 'export', '--output', exported], { env })).code).toBe(0);
  const args = ['--ledger', exported, '--reapply'];
  expect(await restore(env, ...args)).toMatchObject({ code: 2, stdout: '' });
  expect((await session.send('getMe')).status).toBe(200);
  const done = await restore(env, ...args, '--yes');
  expect(done, done.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('All sessions ended') });
  expect((await session.send('getMe')).status).toBe(401);
  await service.stop();
});

test('PostgreSQL is restored by its own tools, and what an export tells is made again, with a server running or not', async () => {
  const place = await createDatabase();
  const world = await build({ databaseUrl: place.location });
  const person = newPerson();
  await post(browser(world.service.url), '/setup', { ...person, token: setupTokenOf(world.service) });
  const { cookie } = await signIn(world.service.url, person);
  const token = await makePasswordLink(world.api, person.email);
  await world.service.stop();
  const copies = [await clone(place), await clone(place)];
  const again = await startService({
    databaseUrl: place.location,
    env: { KEYWRIGHT_BOOTSTRAP_KEY: world.service.bootstrapKey },
  });
  await takeAway({ ...world, api: client(again.url, world.service.bootstrapKey) });
  const exported = join(createTemporaryDirectory(), 'ledger.ndjson');
  expect((await keywright(['audit', 'export', '--output', exported], { env: world.env })).code).toBe(0);
  await again.stop();

  for (const [n, copy] of copies.entries()) {
    const env = { ...world.env, KEYWRIGHT_DATABASE_URL: copy.location };
    const running = n === 0 ? null : await start(world, env);
    const asked = await restore(env, '--ledger', exported, '--reapply');
    expect(asked).toMatchObject({ code: 2, stdout: expect.stringContaining('10 changes were made since.') });
    const done = await restore(env, '--ledger', exported, '--reapply', '--yes', '--json');
    expect(done.code, done.stderr).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({
      done: true,
      notReapplied: [{ subject: { id: world.keys[3]!.id } }],
    });
    await running?.stop();
    expect(await look({ ...world, env })).toEqual({ codes: dead, isLetIn: false });
    const next = await start(world, env);
    expect((await browser(next.url, { Cookie: cookie }).request('GET', '/v1/me')).status).toBe(401);
    expect(await useLink(next.url, token)).toBe(403);
    await next.stop();
  }
  const refused = await restore(world.env, 'backup.db');
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('pg_restore') });
});

describe('restore refuses, and leaves what is there', () => {
  const prepare = async () => {
    const world = await build({}, 1);
    const backup = await backUp(world);
    await world.service.stop();
    const database = join(world.env.KEYWRIGHT_DATA_DIR ?? '', 'keywright.db');
    const digest = digestOf(database);
    return {
      ...world,
      backup,
      async expectRefusal(file: string, said: RegExp, ...args: string[]) {
        const { code, stdout, stderr } = await restore(world.env, file, '--yes', ...args);
        expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' });
        expect(stderr).toMatch(said);
        expect(digestOf(database)).toBe(digest);
      },
    };
  };

  test('a damaged backup', async () => {
    const { backup, expectRefusal } = await prepare();
    writeFileSync(backup, readFileSync(backup).subarray(0, 100_000));
    await expectRefusal(backup, /^keywright: The backup (is damaged|cannot be opened)/);
  });

  test('the backup of another instance, unless it is meant', async () => {
    const { env, expectRefusal } = await prepare();
    const other = await build({}, 1);
    const backup = await backUp(other);
    await other.service.stop();
    await expectRefusal(backup, /of another instance.*--force/);
    expect(await restore(env, backup, '--yes', '--force')).toMatchObject({ code: 0 });
    expect(await headOf(env)).toBe(await headOf(other.env));
  });

  test.runIf(hasTerminals)('what is not confirmed at a terminal', async () => {
    const { env, backup } = await prepare();
    const { code, shown } = await atTerminal(['restore', backup], { env, typed: { '[y/N]': 'n\n' } });
    expect(code, shown).toBe(2);
    expect(shown).toContain('Nothing was changed.');
  });

  test.runIf(hasTerminals)('what is broken off at the question, of which nothing stays', async () => {
    const { env, backup } = await prepare();
    const files = () => readdirSync(env.KEYWRIGHT_DATA_DIR ?? '').filter((name) => !/-(wal|shm)$/.test(name));
    const before = files();
    const { code, shown } = await atTerminal(['restore', backup], { env, typed: { '[y/N]': '\x03' } });
    expect(code, shown).toBe(130);
    expect(files()).toEqual(before);
  });

  test('what it is not told', async () => {
    const { env } = await prepare();
    expect(await restore(env, '--yes')).toMatchObject({ code: 2, stdout: '' });
    expect(await restore(env, '--reapply', '--yes')).toMatchObject({ code: 2, stdout: '' });
    expect(await restore(env, '/nowhere/backup.db', '--yes')).toMatchObject({ code: 2, stdout: '' });
  });
});

test('a database that cannot be read is replaced and kept, with a word on what it cannot tell', async () => {
  const world = await build({}, 7);
  const backup = await backUp(world);
  await world.service.stop();
  const dataDir = world.env.KEYWRIGHT_DATA_DIR ?? '';
  writeFileSync(join(dataDir, 'keywright.db'), 'burnt '.repeat(1000));
  const { code, stdout, stderr } = await restore(world.env, backup, '--yes', '--json');
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('The present database cannot be read');
  const { former } = JSON.parse(stdout);
  expect(readFileSync(former, 'utf8')).toMatch(/^burnt burnt/);
  expect(await look(world)).toEqual({ codes: alive, isLetIn: true });
});

// Only root can restore what belongs to somebody else, and the program must be within that one's reach.
const isRoot = process.getuid?.() === 0 && [process.execPath, import.meta.dirname].every(isOpenToAll);
describe.runIf(isRoot)('restored by root, a database of another user', () => {
  const user = findPlainUser();
  const give = (path: string) => chownSync(path, user.uid, user.gid);
  const ownersIn = (directory: string) =>
    readdirSync(directory, { recursive: true }).map((name) => {
      const { uid, gid } = statSync(join(directory, String(name)));
      return { name: String(name), uid, gid };
    });
  const isUsers = ({ uid, gid }: { uid: number; gid: number }) => uid === user.uid && gid === user.gid;

  test('is still that user’s, and its server starts', async () => {
    const world = await build({}, 1);
    const backup = await backUp(world);
    await takeAwayOne(world);
    await world.service.stop();
    const dataDir = world.env.KEYWRIGHT_DATA_DIR ?? '';
    for (const name of readdirSync(dataDir)) give(join(dataDir, name));
    give(dataDir);
    const { code, stderr } = await restore(world.env, backup, '--reapply', '--yes');
    expect(code, stderr).toBe(0);
    expect(ownersIn(dataDir).filter((file) => !isUsers(file))).toEqual([]);
    const asUser = await keywright(['keys', 'list', '--json'], { env: world.env, user });
    expect(asUser.code, asUser.stderr).toBe(0);
  });

  test('is the directory’s owner’s where none was before', async () => {
    const world = await build({}, 1);
    const backup = await backUp(world);
    await world.service.stop();
    const dataDir = createTemporaryDirectory();
    chmodSync(dataDir, 0o700);
    give(dataDir);
    const { code, stderr } = await restore({ KEYWRIGHT_DATA_DIR: dataDir }, backup, '--yes');
    expect(code, stderr).toBe(0);
    expect(ownersIn(dataDir).filter((file) => !isUsers(file))).toEqual([]);
    expect(ownersIn(dataDir)).not.toEqual([]);
  });

  test('leaves nothing behind that the user could not remove, when it is killed', async () => {
    const world = await build({}, 1);
    const backup = await backUp(world);
    await world.service.stop();
    const dataDir = createTemporaryDirectory();
    give(dataDir);
    const env = { KEYWRIGHT_DATA_DIR: dataDir };
    // Before the copy in the stage gets its mode.
    const killed = await keywright(['restore', backup, '--yes'], { env, nodeArguments: killBefore(3) });
    expect(killed.code).toBeNull();
    expect(readdirSync(dataDir).some((name) => name.startsWith('restore-'))).toBe(true);
    chmodSync(dirname(backup), 0o755);
    chmodSync(backup, 0o644);
    const { code, stderr } = await keywright(['restore', backup, '--yes'], { env, user });
    expect(code, stderr).toBe(0);
  });
});

async function takeAwayOne({ api, keys }: World): Promise<void> {
  await api.call('revokeKey', { params: { keyId: keys[0]!.id } });
}

test('killed at any moment it leaves the old database or the new one, never a dead key alive, and can be done again', {
  timeout: 240_000,
}, async () => {
  const world = await build({}, 1);
  const backup = await backUp(world);
  await world.api.call('revokeKey', { params: { keyId: world.keys[0]!.id } });
  // As after a crash: what was committed lies in the file beside the database.
  await world.service.kill();
  const states: string[] = [];
  for (let nth = 1; ; nth++) {
    const dataDir = createTemporaryDirectory();
    for (const name of readdirSync(world.service.dataDir))
      copyFileSync(join(world.service.dataDir, name), join(dataDir, name));
    const env = { KEYWRIGHT_DATA_DIR: dataDir };
    const args = ['restore', backup, '--yes', '--reapply'];
    const { code, stderr } = await keywright(args, { env, nodeArguments: killBefore(nth) });
    states.push(whoRevoked(dataDir));
    if (code !== null) {
      expect(code, stderr).toBe(0);
      break;
    }
    if (nth % 5 !== 0) continue;
    expect(await restore(env, backup, '--yes', '--reapply')).toMatchObject({ code: 0 });
    expect(whoRevoked(dataDir)).toBe('the command');
    expect(readdirSync(dataDir).filter((name) => name.startsWith('restore-'))).toEqual([]);
    expect((await keywright(['audit', 'verify'], { env })).code).toBe(0);
  }
  const firstNew = states.indexOf('the command');
  expect(firstNew).toBeGreaterThan(5);
  expect(states).toEqual(states.map((_, n) => (n < firstNew ? 'the service key' : 'the command')));
});

/** Who revoked the one key there is: in the old database the service key, in the new one the command. */
function whoRevoked(dataDir: string): string {
  const database = new Database(join(dataDir, 'keywright.db'));
  try {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(database.prepare('SELECT status FROM keys').pluck().all()).toEqual(['revoked']);
    const revoker = `SELECT actor_id FROM ledger WHERE action = 'key.revoked' ORDER BY seq DESC`;
    return database.prepare(revoker).pluck().get() === 'command' ? 'the command' : 'the service key';
  } finally {
    database.close();
  }
}
