import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSecret } from '../../src/keys/secret-format.ts';
import { watchOver } from './child-guard.ts';

/** The program as it is shipped, running as a process of its own. */
export interface RunningService {
  /** Where it listens, without a trailing slash. */
  url: string;
  /** Of the built-in gateway. */
  gatewayUrl: string;
  /** Of the port for proxies, where it has one. */
  authUrl: string | null;
  /** The secret of a service key for the whole instance that may do everything. */
  bootstrapKey: string;
  dataDir: string;
  pid: number;
  /** All that it has written to stdout and stderr so far. */
  logs(): string;
  /** Asks it to stop (SIGTERM) and waits until it did. Answers its exit code. */
  stop(): Promise<number>;
  /** Its exit code once it has ended, whoever ended it; null when it was a signal. */
  ended: Promise<number | null>;
  /** Ends it as a power cut would (SIGKILL), and waits until it is gone. */
  kill(): Promise<void>;
}

export interface ServiceOptions {
  /** Of PostgreSQL; left out: SQLite in the data directory. */
  databaseUrl?: string | undefined;
  /** Left out: a fresh one, which is removed with the service. */
  dataDir?: string;
  /** Further settings; `undefined` takes one of the defaults away. */
  env?: Record<string, string | undefined>;
  /** Further arguments of `serve`. */
  args?: readonly string[];
  /** Left out: the one that was built here. */
  program?: string;
}

const builtProgram = join(import.meta.dirname, '../../dist/main.js');
const startTimeoutMs = 60_000;
const stopTimeoutMs = 15_000;

/**
 * Starts the built program (`npm run build` makes it) and waits until it listens. Whatever becomes of the test, the
 * process ends with the test file at the latest.
 * @throws with all that it said, when it does not start
 */
export async function startService({
  databaseUrl,
  dataDir,
  env = {},
  args = [],
  program = builtProgram,
}: ServiceOptions = {}): Promise<RunningService> {
  if (!existsSync(program)) throw new Error('There is no build to test: run `npm run build` first.');
  const directory = dataDir ?? mkdtempSync(join(tmpdir(), 'keywright-service-'));
  const settings: Record<string, string | undefined> = {
    PATH: process.env.PATH,
    KEYWRIGHT_PORT: '0',
    KEYWRIGHT_GATEWAY_PORT: '0',
    // What channels lead to in tests listens on this machine.
    KEYWRIGHT_UPSTREAM_ALLOW: '127.0.0.0/8,::1',
    KEYWRIGHT_DATA_DIR: directory,
    KEYWRIGHT_BOOTSTRAP_KEY: generateSecret('kws').reveal(),
    // So that a test can come from many addresses.
    KEYWRIGHT_TRUSTED_PROXIES: '127.0.0.1',
    ...(databaseUrl !== undefined && {
      KEYWRIGHT_DATABASE_URL: databaseUrl,
      KEYWRIGHT_SECRET: 'what-signs-the-sessions-of-the-tests',
    }),
    ...env,
  };
  const child = spawn(process.execPath, [program, 'serve', ...args], {
    cwd: tmpdir(),
    env: settings,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = once(child, 'close');
  watchOver(child, dataDir === undefined ? directory : null);
  let logs = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      logs += text;
    });
  }
  const { url, gatewayUrl = '', authUrl = null } = await waitForUrls(child, () => logs);

  const end = async (signal: NodeJS.Signals) => {
    if (isAlive(child)) child.kill(signal);
    const impatience = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    await gone;
    clearTimeout(impatience);
  };
  return {
    url,
    gatewayUrl,
    authUrl,
    bootstrapKey: settings.KEYWRIGHT_BOOTSTRAP_KEY ?? '',
    dataDir: directory,
    pid: child.pid ?? 0,
    logs: () => logs,
    async stop() {
      await end('SIGTERM');
      if (child.exitCode === null) throw new Error(`The service had to be killed:\n${logs}`);
      return child.exitCode;
    },
    ended: gone.then(() => child.exitCode),
    kill: () => end('SIGKILL'),
  };
}

interface Urls {
  url: string;
  gatewayUrl?: string;
  authUrl?: string;
}

function waitForUrls(child: ChildProcess, logs: () => string): Promise<Urls> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`The service ${reason}:\n${logs()}`));
    };
    const timer = setTimeout(() => fail(`did not listen within ${startTimeoutMs} ms`), startTimeoutMs);
    const look = () => {
      const urls = findUrls(logs());
      if (urls === null) return;
      clearTimeout(timer);
      child.stdout?.off('data', look);
      resolve(urls);
    };
    child.stdout?.on('data', look);
    child.once('error', (error) => fail(`could not be started (${error.message})`));
    child.once('close', (code, signal) => fail(`ended with ${code ?? signal} before it listened`));
  });
}

/** The addresses in the line of the log that says that it listens. */
function findUrls(logs: string): Urls | null {
  const lines = logs.split('\n').slice(0, -1);
  for (const line of lines.filter((text) => text.includes('"msg":"listening"'))) {
    return JSON.parse(line) as Urls;
  }
  return null;
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
