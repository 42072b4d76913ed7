import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { afterAll } from 'vitest';

/** What this file of tests started, and the directories that go with it. */
const running = new Map<ChildProcess, string | null>();
const leftDirectories = new Set<string>();

/**
 * Sees to it that a process ends with the test file at the latest, however the tests end.
 * @param directory its own, which is removed with it; null: it has none
 */
export function watchOver(child: ChildProcess, directory: string | null): void {
  running.set(child, directory);
  guard().stdin?.write(`start ${child.pid} ${directory ?? ''}\n`);
  child.once('close', () => {
    running.delete(child);
    // Not before the end: a test may look into it after its process stopped.
    if (directory !== null) leftDirectories.add(directory);
    guard().stdin?.write(`end ${child.pid}\n`);
  });
}

afterAll(async () => {
  for (const child of running.keys()) {
    const gone = once(child, 'close');
    child.kill('SIGKILL');
    await gone;
  }
  for (const directory of leftDirectories) rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  if (guardian === null) return;
  const gone = once(guardian, 'close');
  guardian.stdin?.end();
  await gone;
});

let guardian: ChildProcess | null = null;

/**
 * A process that outlives this one however it ends, and then ends the others and removes their directories: no hook
 * runs after a SIGKILL. It learns of the end by its standard input being closed.
 */
function guard(): ChildProcess {
  const script = `
    const running = new Map();
    require('node:readline').createInterface(process.stdin).on('line', (line) => {
      const [verb, pid, directory] = line.split(' ');
      if (verb === 'start') running.set(Number(pid), directory);
      else running.delete(Number(pid));
    }).on('close', () => {
      for (const [pid, directory] of running) {
        try { process.kill(pid, 'SIGKILL'); } catch {}
        if (directory) require('node:fs').rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
      }
    });`;
  guardian ??= spawn(process.execPath, ['-e', script], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  return guardian;
}
