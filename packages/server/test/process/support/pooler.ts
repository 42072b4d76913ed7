import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureProgram } from '../../../../../test-support/system-package.ts';
import { findFreePort } from '../../gateway/support/proxy.ts';
import { watchOver } from '../../support/child-guard.ts';
import { queryPostgres } from '../../support/engines.ts';
import { until } from '../../support/waiting.ts';
import { findPlainUser } from './users.ts';

export type PoolMode = 'session' | 'transaction' | 'statement';

/** A real PgBouncer in front of a database. */
export interface Pooler {
  /** The address of the database by way of it. */
  url: string;
  /** Tells it, as it runs, from when on it hands a connection over to another client. */
  setMode(mode: PoolMode): Promise<void>;
}

/** Starts PgBouncer with its own defaults, apart from the mode. It ends with the test file at the latest. */
export async function startPooler(databaseUrl: string, mode: PoolMode): Promise<Pooler> {
  ensureProgram('pgbouncer', 'pgbouncer');
  const { hostname, port: databasePort, username, password } = new URL(databaseUrl);
  const port = await findFreePort();
  const directory = mkdtempSync(join(tmpdir(), 'keywright-pgbouncer-'));
  const file = join(directory, 'pgbouncer.ini');
  writeFileSync(
    file,
    `[databases]
* = host=${hostname} port=${databasePort} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
admin_users = ${username}
pool_mode = ${mode}
`,
    { mode: 0o600 },
  );
  // It refuses to run as root.
  const user = findPlainUser();
  chmodSync(directory, 0o755);
  if (process.getuid?.() === 0) chownSync(file, user.uid, user.gid);
  const child = spawn('pgbouncer', [file], { ...user, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  watchOver(child, directory);
  let logs = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    logs += text;
  });
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended before it listened:\n${logs}`);
    return logs.includes('process up');
  }, 'PgBouncer listens');
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  const console = new URL(url);
  console.pathname = '/pgbouncer';
  return {
    url: url.href,
    async setMode(next) {
      await queryPostgres(console.href, `SET pool_mode = ${next}`);
    },
  };
}
