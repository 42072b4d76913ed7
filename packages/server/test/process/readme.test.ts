import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Key, Project, VerifyAnswer } from '@keywright/contract';
import { expect, onTestFinished, test } from 'vitest';
import { createTemporaryDirectory } from './support/directory.ts';

const root = join(import.meta.dirname, '../../../..');
const hasCurl = spawnSync('curl', ['--version']).status === 0;

// The lines run as they stand, but for the port, and but for `npm run up`, which goes on in the background.
test.runIf(hasCurl)('the README does what it says, block after block', { timeout: 240_000 }, async () => {
  const checkout = copyCheckout();
  const port = await findFreePort();
  const [install = '', ...firstKey] = readBlocks(join(checkout, 'README.md'), port);
  expect(firstKey).toHaveLength(4);

  const lines = install.split('\n').map((line) => line.replace(/ +#.*/, ''));
  expect(lines).toEqual(['npm run up', 'npm test']);
  const first = startBash(checkout, port, 'npm run up');
  await waitUntilUp(first, port);
  expect(existsSync(join(checkout, 'data/keywright.db'))).toBe(true);
  expect((await fetch(`http://127.0.0.1:${port}/docs`)).status).toBe(200);
  await pressControlC(first);
  expect(first.output.stdout).toContain('"msg":"stopped"');

  const inBackground = firstKey.map((block) =>
    block.replace(/^npm run up$/m, `npm run up > up.log 2>&1 &\n${untilUp}`),
  );
  const session = startBash(
    checkout,
    port,
    ['set -euo pipefail', ...inBackground].join(`\necho; echo ${border}\n`),
  );
  const [code] = await once(session.process, 'exit');
  expect(code, JSON.stringify(session.output)).toBe(0);
  await pressControlC(session);
  const answers = session.output.stdout.split(border).map(readJsonValues);

  const [project, created] = answers[2] as [Project, { key: Key; secret: string }];
  expect(project).toMatchObject({ name: 'My API' });
  expect(created.key).toMatchObject({
    projectId: project.id,
    name: 'Production',
    ownerId: 'customer-42',
    scopes: ['orders:read'],
  });
  expect(created.secret).toHaveLength(64);
  const [verified] = answers[3] as [VerifyAnswer];
  expect(verified).toMatchObject({ valid: true, key: { id: created.key.id, ownerId: 'customer-42' } });
  const [revoked, refused] = answers[4] as [{ key: Key }, VerifyAnswer];
  expect(revoked.key).toMatchObject({ id: created.key.id, status: 'revoked' });
  expect(refused).toMatchObject({ valid: false, code: 'revoked' });
});

const border = '=== next block ===';
const untilUp =
  'until curl --silent --fail --output healthz.json "http://127.0.0.1:$KEYWRIGHT_PORT/healthz"; do sleep 0.1; done';

/** What stands in the blocks of shell commands, with another port. */
function readBlocks(path: string, port: number): string[] {
  const blocks = [...readFileSync(path, 'utf8').matchAll(/^```sh\n(.*?)\n```$/gms)].map(
    ([, block = '']) => block,
  );
  return blocks.map((block) => block.replaceAll('8787', String(port)));
}

/**
 * The checkout as somebody clones it, but with what is installed already. `npm run up` builds, and would take the built
 * program away from under the other tests.
 */
function copyCheckout(): string {
  const copy = join(createTemporaryDirectory(), 'keywright');
  const left = new Set(['node_modules', 'dist', 'data', '.git']);
  cpSync(root, copy, { recursive: true, filter: (path) => !left.has(basename(path)) });
  const installed = join(root, 'node_modules');
  mkdirSync(join(copy, 'node_modules'));
  for (const name of readdirSync(installed)) {
    const target = join(installed, name);
    // The workspace's own packages are relative links, which are to lead into the copy.
    if (['keywright', '@keywright'].includes(name))
      cpSync(target, join(copy, 'node_modules', name), { recursive: true, verbatimSymlinks: true });
    else symlinkSync(target, join(copy, 'node_modules', name));
  }
  // npm puts some of what a workspace needs into a folder of the workspace's own.
  for (const name of readdirSync(join(root, 'packages'))) {
    const own = join('packages', name, 'node_modules');
    if (existsSync(join(root, own))) symlinkSync(join(root, own), join(copy, own));
  }
  return copy;
}

interface Terminal {
  process: ChildProcess;
  /** All that came to stdout, and to stderr. */
  output: { stdout: string; stderr: string };
}

/** Runs commands in a shell that stands in the checkout. */
function startBash(checkout: string, port: number, commands: string): Terminal {
  const child = spawn('bash', ['-c', commands], {
    cwd: checkout,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      KEYWRIGHT_PORT: String(port),
      KEYWRIGHT_GATEWAY_PORT: '0',
      npm_config_update_notifier: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, as a terminal's, so that all that it started can be ended.
    detached: true,
  });
  const terminal = { process: child, output: { stdout: '', stderr: '' } };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      terminal.output[name] += text;
    });
  }
  onTestFinished(() => void signal(terminal, 'SIGKILL'));
  return terminal;
}

/** Whether there was still somebody to hear it. */
function signal({ process: { pid } }: Terminal, name: NodeJS.Signals): boolean {
  try {
    return process.kill(-(pid ?? 0), name);
  } catch {
    return false;
  }
}

/** What Ctrl-C does, until nothing of the terminal is left. */
async function pressControlC(terminal: Terminal): Promise<void> {
  signal(terminal, 'SIGINT');
  // Signal 0 only asks.
  while (isAlive(terminal)) await sleep(50);
}

function isAlive({ process: { pid } }: Terminal): boolean {
  try {
    return process.kill(-(pid ?? 0), 0);
  } catch {
    return false;
  }
}

async function waitUntilUp(terminal: Terminal, port: number): Promise<void> {
  while (!terminal.output.stdout.includes('"msg":"listening"')) {
    if (terminal.process.exitCode !== null) throw new Error(JSON.stringify(terminal.output));
    await sleep(50);
  }
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
}

/** The JSON objects that stand one after the other, as several answers of `curl` do. */
function readJsonValues(text: string): unknown[] {
  return text
    .replaceAll('}{', '}\n{')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
