import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Place } from '../../support/engines.ts';

/** What a process did from its start to its end. */
export interface Ended {
  /** null when a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** All of it but PATH and the gateway's port: nothing of the environment of the tests gets through. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  stdin?: string;
  /** A file that takes what it prints, which is then not among what it did. */
  stdout?: string;
  /** The user that it runs as; only root can choose. */
  user?: { uid: number; gid: number };
  /** The interpreter, and what it is told before the program. */
  node?: string;
  nodeArguments?: readonly string[];
  /** After which it is killed. */
  timeoutMs?: number;
}

const program = join(import.meta.dirname, '../../../dist/main.js');

/** Runs the built `keywright` command as a process of its own, to its end. */
export async function keywright(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { env = {}, cwd = tmpdir(), stdin = '', user, node = process.execPath, timeoutMs = 60_000 } = options;
  const out = options.stdout === undefined ? 'pipe' : openSync(options.stdout, 'w');
  const child = spawn(node, [...(options.nodeArguments ?? []), program, ...args], {
    cwd,
    // Several at a time would want the same port.
    env: { PATH: process.env.PATH, KEYWRIGHT_GATEWAY_PORT: '0', ...env },
    stdio: ['pipe', out, 'pipe'],
    ...user,
  });
  if (out !== 'pipe') closeSync(out);
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      ended[name] += text;
    });
  }
  // It may end without having read.
  child.stdin?.on('error', () => {});
  child.stdin?.end(stdin);
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  return { ...ended, code };
}

/** The sentences of a start that was refused: `serve` writes a line of JSON for each. */
export function sentencesOf({ stderr }: Ended): string[] {
  const lines = stderr.split('\n').filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
}

/** The settings that lead to a test's data. */
export function settingsOf({ engine, location }: Place): Record<string, string> {
  if (engine === 'sqlite') return { KEYWRIGHT_DATA_DIR: location };
  return { KEYWRIGHT_DATABASE_URL: location, KEYWRIGHT_SECRET: 'what-signs-the-sessions-of-the-tests' };
}
