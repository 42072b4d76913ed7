import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillRecipe, type RecipeValues } from '@keywright/contract';
import { ensureProgram } from '../../../../../test-support/system-package.ts';
import { watchOver } from '../../support/child-guard.ts';
import { until } from '../../support/waiting.ts';

export const proxies = ['nginx', 'caddy', 'haproxy'] as const;
export type ProxyName = (typeof proxies)[number];

export interface RunningProxy {
  name: ProxyName;
  /** Where it listens, without a trailing slash. */
  url: string;
  /** All that it has written so far. */
  logs(): string;
}

interface Recipe {
  /** In docs/gateways. */
  files: readonly string[];
  /** The program and its arguments. */
  command(directory: string): readonly [string, ...string[]];
  /** What is not part of the recipe, but of where it is put. */
  surround?(directory: string): void;
}

const recipes: Record<ProxyName, Recipe> = {
  nginx: {
    files: ['nginx.conf'],
    surround: surroundNginx,
    command: (directory) => ['nginx', '-p', directory, '-c', join(directory, 'main.conf'), '-e', 'stderr'],
  },
  caddy: {
    files: ['Caddyfile'],
    command: (directory) => [
      'caddy',
      'run',
      '--config',
      join(directory, 'Caddyfile'),
      '--adapter',
      'caddyfile',
    ],
  },
  haproxy: {
    files: ['haproxy.cfg', 'keywright.lua'],
    command: (directory) => ['haproxy', '-db', '-f', join(directory, 'haproxy.cfg')],
  },
};

const shipped = join(import.meta.dirname, '../../../../../docs/gateways');

/**
 * Starts the real proxy with exactly the files of docs/gateways, filled in as the console fills them in. It ends with the
 * test file at the latest.
 */
export async function startProxy(
  name: ProxyName,
  values: Omit<RecipeValues, 'listen'>,
): Promise<RunningProxy> {
  ensureProgram(name, name);
  const { files, command, surround } = recipes[name];
  const directory = mkdtempSync(join(tmpdir(), `keywright-${name}-`));
  const port = await findFreePort();
  for (const file of files) {
    const text = readFileSync(join(shipped, file), 'utf8');
    writeFileSync(join(directory, file), fillRecipe(text, { ...values, listen: String(port) }));
  }
  surround?.(directory);
  const [program, ...args] = command(directory);
  const child = spawn(program, args, {
    cwd: directory,
    // Caddy keeps things in the user's own directories, and has a port for its administration.
    env: { PATH: process.env.PATH, HOME: directory, CADDY_ADMIN: `unix/${join(directory, 'admin.sock')}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  watchOver(child, directory);
  let logs = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      logs += text;
    });
  }
  await until(() => isListening(child, port, () => logs), `${name} listens`);
  return { name, url: `http://127.0.0.1:${port}`, logs: () => logs };
}

/** The recipe is what stands in conf.d; around it is what a distribution's nginx.conf holds. */
function surroundNginx(directory: string): void {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const lines = temporary.map((what) => `  ${what}_temp_path ${join(directory, what)};`);
  writeFileSync(
    join(directory, 'main.conf'),
    [
      'daemon off;',
      'master_process off;',
      `pid ${join(directory, 'nginx.pid')};`,
      'events {}',
      'http {',
      '  access_log off;',
      ...lines,
      `  include ${join(directory, 'nginx.conf')};`,
      '}',
      '',
    ].join('\n'),
  );
}

async function isListening(child: ChildProcess, port: number, logs: () => string): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null)
    throw new Error(`It ended before it listened:\n${logs()}`);
  const socket = connect(port, '127.0.0.1');
  const isOpen = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return isOpen;
}

export async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
