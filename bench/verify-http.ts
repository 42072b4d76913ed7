import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generateSecret } from '../packages/server/src/keys/secret-format.ts';
import { ensureProgram } from '../test-support/system-package.ts';
import { type Comparison, compare } from './measure.ts';

const connections = 32;

/**
 * `POST /v1/verify` of a key that is in memory, against a bare `node:http` server that reads the same request and
 * answers a constant of the same length. Each server has one core, the load comes from the other.
 */
export async function benchVerifyHttp(rounds: number, seconds: number): Promise<Comparison[]> {
  ensureProgram('wrk', 'wrk');
  ensureProgram('taskset', 'util-linux');
  const directory = mkdtempSync(join(tmpdir(), 'keywright-bench-'));
  const bootstrapKey = generateSecret('kws').reveal();
  const ours = await startServer(['packages/server/dist/main.js', 'serve'], {
    KEYWRIGHT_PORT: '0',
    KEYWRIGHT_GATEWAY_PORT: 'off',
    KEYWRIGHT_DATA_DIR: directory,
    KEYWRIGHT_BOOTSTRAP_KEY: bootstrapKey,
  });
  try {
    const { secret, answer } = await makeKey(ours.url, bootstrapKey);
    const bare = await startServer(['bench/bare-server.ts'], { BARE_ANSWER: answer });
    try {
      const script = join(directory, 'request.lua');
      writeFileSync(script, luaRequest(bootstrapKey, secret));
      const through = () => load(ours, script, seconds);
      const past = () => load(bare, script, seconds);
      await warmUp([through, past], seconds > 1 ? 6 : 1);
      const row = await compare(
        {
          name: 'POST /v1/verify',
          unit: rateUnit,
          againstName: 'a bare node:http server that reads the same request and answers a constant',
          goal: { atLeast: 0.85 },
          ours: through,
          against: past,
        },
        rounds,
      );
      return [row];
    } finally {
      await stopServer(bare.process);
    }
  } finally {
    await stopServer(ours.process);
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Server {
  process: ChildProcess;
  url: string;
  output: string;
}

/** Starts a server on a core of its own and waits for the line that says where it listens. */
export async function startServer(
  script: string[],
  env: Record<string, string>,
  core = '0',
): Promise<Server> {
  const child = spawn('taskset', ['-c', core, process.execPath, '--conditions=source', ...script], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Also where another server then fails to start, and nobody is left to stop this one.
  process.once('exit', () => child.kill());
  let output = '';
  let url: string | undefined;
  // What it logs later is read as well, and thrown away: a pipe that is full or closed would cost it time.
  for await (const [chunk] of on(child.stdout, 'data', { close: ['close'] })) {
    output += String(chunk);
    url = /"url":"([^"]+)"/.exec(output)?.[1];
    if (url !== undefined) break;
  }
  if (url === undefined) throw new Error(`the server did not start: ${output}`);
  child.stdout.resume();
  return { process: child, url, output };
}

export async function stopServer(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

export async function makeKey(
  url: string,
  bootstrapKey: string,
  channel?: { slug: string; upstream?: string },
): Promise<{ secret: string; answer: string }> {
  const post = async (path: string, body: unknown) => {
    const headers = { authorization: `Bearer ${bootstrapKey}`, 'content-type': 'application/json' };
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.text();
  };
  const project = JSON.parse(await post('/v1/projects', { name: 'Bench' })) as { id: string };
  if (channel !== undefined)
    await post(`/v1/projects/${project.id}/channels`, { name: channel.slug, ...channel });
  const created = JSON.parse(await post(`/v1/projects/${project.id}/keys`, { name: 'Hot' })) as {
    secret: string;
  };
  return { secret: created.secret, answer: await post('/v1/verify', { key: created.secret }) };
}

export function luaRequest(authorization: string, secret: string): string {
  return [
    'wrk.method = "POST"',
    `wrk.body = '${JSON.stringify({ key: secret })}'`,
    'wrk.headers["Content-Type"] = "application/json"',
    `wrk.headers["Authorization"] = "Bearer ${authorization}"`,
  ].join('\n');
}

const run = promisify(execFile);

/**
 * Each side runs a while before it is measured: with one core for all of its threads, a server compiles the code that it
 * runs often beside running it, and is half as fast in its first ten seconds as after them.
 */
export async function warmUp(sides: (() => Promise<number>)[], runs = 6): Promise<void> {
  for (const side of sides) for (let i = 0; i < runs; i++) await side();
}

/** What requests per second are told in. */
export const rateUnit = 'requests/s';

export interface Load {
  /** Requests per second. */
  rate: number;
  /** Milliseconds within which 99 of a hundred requests were answered. */
  slowestInHundred: number;
}

/**
 * What a server does with as many requests as it can take, from one thread on another core. Any answer but 200 is a fault
 * of the benchmark. Only on a machine with nothing else to do is this what the server can do.
 */
export async function runLoad(
  { url }: Pick<Server, 'url'>,
  script: string,
  seconds: number,
  path = '/v1/verify',
): Promise<Load> {
  const wrk = ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-s', script, `${url}${path}`];
  const { stdout } = await run('taskset', ['-c', '1', ...wrk]);
  const rate = Number(/Requests\/sec: +([\d.]+)/.exec(stdout)?.[1]);
  const [, time, unit = ''] = / 99% +([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
  const slowestInHundred = Number(time) * (milliseconds[unit] ?? Number.NaN);
  // A request that waits longer than wrk likes is slow and no fault.
  const isFaulty = /Non-2xx|(connect|read|write) [1-9]/.test(stdout);
  if (isFaulty || !Number.isFinite(rate + slowestInHundred)) throw new Error(stdout);
  return { rate, slowestInHundred };
}

const milliseconds: Record<string, number> = { us: 0.001, ms: 1, s: 1000 };

/** Requests per second alone. @see runLoad */
export async function load(...parameters: Parameters<typeof runLoad>): Promise<number> {
  return (await runLoad(...parameters)).rate;
}
