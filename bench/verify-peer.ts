import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSecret } from '../packages/server/src/keys/secret-format.ts';
import { ensureProgram } from '../test-support/system-package.ts';
import { type Comparison, compare } from './measure.ts';
import { load, luaRequest, makeKey, rateUnit, startServer, stopServer, warmUp } from './verify-http.ts';

const peers = [
  { kind: 'in memory', goal: 8, env: () => ({}) },
  {
    kind: 'on SQLite',
    goal: 30,
    env: (directory: string) => ({ PEER_DATABASE: join(directory, 'peer.db') }),
  },
];

/**
 * `POST /v1/verify` of one key, against better-auth's api-key plugin behind fastify. Each server has one core, the load
 * comes from the other.
 */
export async function benchVerifyPeer(rounds: number, seconds: number): Promise<Comparison[]> {
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
  const rows: Comparison[] = [];
  try {
    const { secret } = await makeKey(ours.url, bootstrapKey);
    const ourScript = join(directory, 'ours.lua');
    writeFileSync(ourScript, luaRequest(bootstrapKey, secret));
    for (const { kind, goal, env } of peers) {
      const peer = await startServer(['bench/better-auth-server.ts'], env(directory));
      try {
        const peerScript = join(directory, 'peer.lua');
        writeFileSync(peerScript, luaRequest('', JSON.parse(peer.output).key));
        const pair = {
          name: 'POST /v1/verify',
          unit: rateUnit,
          againstName: `better-auth's api-key plugin ${kind}, behind fastify`,
          goal: { atLeast: goal },
          ours: () => load(ours, ourScript, seconds),
          against: () => load(peer, peerScript, seconds),
        };
        await warmUp([pair.ours, pair.against], seconds > 1 ? 6 : 1);
        rows.push(await compare(pair, rounds));
      } finally {
        await stopServer(peer.process);
      }
    }
    return rows;
  } finally {
    await stopServer(ours.process);
    rmSync(directory, { recursive: true, force: true });
  }
}
