import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSecret } from '../packages/server/src/keys/secret-format.ts';
import type { Engine } from '../packages/server/src/storage/engine.ts';
import { ensureProgram } from '../test-support/system-package.ts';
import { madeUpSecret } from './made-up-keys.ts';
import { type Comparison, compare } from './measure.ts';
import { fillLocation, makeLocation } from './seeded.ts';
import { type Load, luaRequest, rateUnit, runLoad, startServer, stopServer, warmUp } from './verify-http.ts';

/**
 * `POST /v1/verify` of keys that are all in memory, where many are in use at the same time, against the same with one:
 * each key that is used has its own counts to be written. The server has one core for all of its threads.
 */
export async function benchKeysInUse(rounds: number, seconds: number, count: number): Promise<Comparison[]> {
  ensureProgram('wrk', 'wrk');
  ensureProgram('taskset', 'util-linux');
  return [...(await onEngine('sqlite')), ...(await onEngine('postgres'))];

  async function onEngine(engine: Engine): Promise<Comparison[]> {
    const { location, remove } = await makeLocation(engine);
    const scripts = mkdtempSync(join(tmpdir(), 'keywright-bench-'));
    const bootstrapKey = generateSecret('kws').reveal();
    await fillLocation(location, count);
    const server = await startServer(['packages/server/dist/main.js', 'serve'], {
      KEYWRIGHT_PORT: '0',
      KEYWRIGHT_GATEWAY_PORT: 'off',
      KEYWRIGHT_BOOTSTRAP_KEY: bootstrapKey,
      KEYWRIGHT_SECRET: randomBytes(32).toString('base64'),
      ...(engine === 'sqlite' ? { KEYWRIGHT_DATA_DIR: location } : { KEYWRIGHT_DATABASE_URL: location }),
    });
    try {
      const many = join(scripts, 'many.lua');
      writeFileSync(
        many,
        luaManyRequests(
          bootstrapKey,
          Array.from({ length: count }, (_, i) => madeUpSecret(i)),
        ),
      );
      const one = join(scripts, 'one.lua');
      writeFileSync(one, luaRequest(bootstrapKey, madeUpSecret(0)));
      const measure = (script: string, what: keyof Load) => async () =>
        (await runLoad(server, script, seconds))[what];
      await warmUp([measure(many, 'rate'), measure(one, 'rate')], seconds > 1 ? 4 : 1);
      const name = `POST /v1/verify, ${count.toLocaleString('en')} keys in use, ${engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'}`;
      const row = (
        part: string,
        unit: string,
        what: keyof Load,
        goal: { atLeast: number } | { atMostInAll: number },
      ) =>
        compare(
          {
            name: name + part,
            unit,
            againstName: 'the same with one',
            goal,
            ours: measure(many, what),
            against: measure(one, what),
          },
          rounds,
        );
      return [
        await row('', rateUnit, 'rate', { atLeast: 0.5 }),
        await row(', 99th percentile', 'ms', 'slowestInHundred', { atMostInAll: 20 }),
      ];
    } finally {
      await stopServer(server.process);
      await remove();
      rmSync(scripts, { recursive: true, force: true });
    }
  }
}

/** A request with one of these secrets, at random. */
function luaManyRequests(authorization: string, secrets: string[]): string {
  return [
    `local secrets = { ${secrets.map((secret) => `"${secret}"`).join(', ')} }`,
    'wrk.method = "POST"',
    'wrk.headers["Content-Type"] = "application/json"',
    `wrk.headers["Authorization"] = "Bearer ${authorization}"`,
    'request = function()',
    `  return wrk.format(nil, nil, nil, '{"key":"' .. secrets[math.random(#secrets)] .. '"}')`,
    'end',
  ].join('\n');
}
