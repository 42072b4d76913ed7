import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSecret } from '../packages/server/src/keys/secret-format.ts';
import { ensureProgram } from '../test-support/system-package.ts';
import { type Comparison, compare } from './measure.ts';
import { load, makeKey, rateUnit, startServer, stopServer, warmUp } from './verify-http.ts';

/**
 * A GET through the built-in gateway, with a key that is in memory and the access log on, against a bare proxy over
 * undici. Each has one core; the API behind and the load share the other.
 */
export async function benchGateway(rounds: number, seconds: number): Promise<Comparison[]> {
  ensureProgram('wrk', 'wrk');
  ensureProgram('taskset', 'util-linux');
  const directory = mkdtempSync(join(tmpdir(), 'keywright-bench-'));
  const bootstrapKey = generateSecret('kws').reveal();
  const api = await startServer(['bench/bare-server.ts'], { BARE_ANSWER: '{"orders":[]}' }, '1');
  const ours = await startServer(['packages/server/dist/main.js', 'serve'], {
    KEYWRIGHT_PORT: '0',
    KEYWRIGHT_GATEWAY_PORT: '0',
    KEYWRIGHT_UPSTREAM_ALLOW: '127.0.0.1',
    KEYWRIGHT_DATA_DIR: directory,
    KEYWRIGHT_BOOTSTRAP_KEY: bootstrapKey,
  });
  const bare = await startServer(['bench/bare-proxy.ts'], { BARE_UPSTREAM: api.url });
  try {
    const { secret } = await makeKey(ours.url, bootstrapKey, { slug: 'orders', upstream: api.url });
    const gatewayUrl = /"gatewayUrl":"([^"]+)"/.exec(ours.output)?.[1] ?? '';
    const script = join(directory, 'request.lua');
    writeFileSync(script, `wrk.headers["Authorization"] = "Bearer ${secret}"`);
    const through = () => load({ url: gatewayUrl }, script, seconds, '/orders/x');
    const past = () => load(bare, script, seconds, '/orders/x');
    await warmUp([through, past], seconds > 1 ? 6 : 1);
    const row = await compare(
      {
        name: 'the built-in gateway, GET',
        unit: rateUnit,
        againstName: 'a bare proxy over undici that looks at nothing',
        goal: { atLeast: 0.85 },
        ours: through,
        against: past,
      },
      rounds,
    );
    return [row];
  } finally {
    for (const server of [ours, bare, api]) await stopServer(server.process);
    rmSync(directory, { recursive: true, force: true });
  }
}
