import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const program = join(import.meta.dirname, '../../../dist/main.js');

/** Whether there is the `script` of util-linux, which gives a program a terminal; that of other systems is another one. */
export const hasTerminals = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes(
  'util-linux',
);

interface Session {
  env: Record<string, string>;
  /** What is typed, or done, once something was shown. */
  typed: Record<string, string | (() => void)>;
}

/** Runs the built `keywright` command at a terminal of its own, to its end. */
export async function atTerminal(
  args: readonly string[],
  { env, typed }: Session,
): Promise<{ code: number | null; shown: string }> {
  const words = [process.execPath, program, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const child = spawn(
    'script',
    ['--quiet', '--return', '--command', `exec ${words.join(' ')}`, '/dev/null'],
    {
      cwd: tmpdir(),
      env: { PATH: process.env.PATH, KEYWRIGHT_GATEWAY_PORT: '0', SHELL: '/bin/sh', ...env },
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const waiting = new Map(Object.entries(typed));
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    for (const [cue, keys] of waiting) {
      if (!shown.includes(cue)) continue;
      waiting.delete(cue);
      if (typeof keys === 'string') child.stdin.write(keys);
      else keys();
    }
  });
  const [code] = await once(child, 'close');
  return { code, shown };
}
