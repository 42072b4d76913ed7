import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fillRecipe } from '@keywright/contract';
import { generateSecret } from '../packages/server/src/keys/secret-format.ts';
import { ensureProgram } from '../test-support/system-package.ts';
import { type Comparison, compare } from './measure.ts';
import { load, makeKey, rateUnit, startServer, stopServer } from './verify-http.ts';

/**
 * A GET through nginx with exactly the configuration in docs/gateways, which asks Keywright about each request, against
 * the same nginx that passes it on unasked. Keywright has one core; nginx, the API behind it and the load share the other.
 */
export async function benchNginx(rounds: number, seconds: number): Promise<Comparison[]> {
  ensureProgram('wrk', 'wrk');
  ensureProgram('taskset', 'util-linux');
  ensureProgram('nginx', 'nginx');
  const directory = mkdtempSync(join(tmpdir(), 'keywright-bench-'));
  const bootstrapKey = generateSecret('kws').reveal();
  const ours = await startServer(['packages/server/dist/main.js', 'serve'], {
    KEYWRIGHT_PORT: '0',
    KEYWRIGHT_GATEWAY_PORT: 'off',
    KEYWRIGHT_DATA_DIR: join(directory, 'data'),
    KEYWRIGHT_BOOTSTRAP_KEY: bootstrapKey,
  });
  const [asking, plain, api] = await findFreePorts();
  const { secret } = await makeKey(ours.url, bootstrapKey, { slug: 'orders' });
  const nginx = await startNginx(directory, { keywright: new URL(ours.url).host, asking, plain, api });
  try {
    const script = join(directory, 'request.lua');
    writeFileSync(script, `wrk.headers["Authorization"] = "Bearer ${secret}"`);
    const through = (port: number) => load({ url: `http://127.0.0.1:${port}` }, script, seconds, '/x');
    const row = await compare(
      {
        name: '/auth-request behind nginx, GET',
        unit: rateUnit,
        againstName: 'nginx that passes the same on without asking',
        goal: { atLeast: 0.35 },
        ours: () => through(asking),
        against: () => through(plain),
      },
      rounds,
    );
    return [row];
  } finally {
    await stopServer(nginx);
    await stopServer(ours.process);
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Ports {
  keywright: string;
  asking: number;
  plain: number;
  api: number;
}

async function startNginx(directory: string, { keywright, asking, plain, api }: Ports) {
  const recipe = readFileSync(new URL('../docs/gateways/nginx.conf', import.meta.url), 'utf8');
  const upstream = `127.0.0.1:${api}`;
  writeFileSync(
    join(directory, 'asking.conf'),
    fillRecipe(recipe, { channel: 'orders', keywright, upstream, listen: String(asking) }),
  );
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  writeFileSync(
    join(directory, 'main.conf'),
    `daemon off; master_process off; pid ${directory}/pid; events { worker_connections 1024; }
    http {
      access_log off; keepalive_requests 1000000;
      ${temporary.map((what) => `${what}_temp_path ${directory}/${what};`).join(' ')}
      include ${directory}/asking.conf;
      server { listen 127.0.0.1:${api}; default_type application/json; return 200 '{"orders":[]}'; }
      upstream plain { server ${upstream}; keepalive 32; }
      server {
        listen ${plain};
        location / {
          proxy_pass http://plain; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;
        }
      }
    }`,
  );
  const args = ['-p', directory, '-c', join(directory, 'main.conf'), '-e', 'stderr'];
  const child = spawn('taskset', ['-c', '1', 'nginx', ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  while (!(await isOpen(asking))) {
    if (child.exitCode !== null) throw new Error('nginx did not start');
    await sleep(50);
  }
  return child;
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const opened = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return opened;
}

async function findFreePorts(): Promise<[number, number, number]> {
  const servers = [createServer(), createServer(), createServer()];
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
  const [a = 0, b = 0, c = 0] = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) await once(server.close(), 'close');
  return [a, b, c];
}
