import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientBase, type ClientConfig, type QueryConfig } from 'pg';
import { DatabaseFaultError } from '../startup-error.ts';

/** Each takes milliseconds. */
const noticeMs = 3000;
const questionMs = 3000;

/** What is the matter where what a client does on one connection goes to one session now and to another then. */
export function createPoolingFault(): DatabaseFaultError {
  return new DatabaseFaultError(
    'a pooler in front of it changes connections between transactions, so that no lock lasts and revoked keys could go on working.',
    'Let KEYWRIGHT_DATABASE_URL lead to PostgreSQL itself, or have the pooler keep one connection for each client (PgBouncer: pool_mode = session).',
  );
}

/**
 * Makes sure that a connection has a session of its own for as long as it lasts, on which locks last too.
 * @param config for a second connection, by the same way
 * @throws DatabaseFaultError when a pooler shares it among clients
 */
export async function expectOwnSession(client: Client, config: ClientConfig): Promise<void> {
  if ((await isDirect(client)) || (await hearsNotice(client, config))) return;
  throw createPoolingFault();
}

/** The same for whoever has no connection yet. */
export async function expectSessions(config: ClientConfig): Promise<void> {
  await withClient(config, (client) => expectOwnSession(client, config));
}

/** Whether it was the session itself that greeted this client. A pooler makes up a process of its own. */
async function isDirect(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid === (client as Client & { processID: number | null }).processID;
}

/**
 * Whether a client hears what its session hears. A notice that goes to a session which is nobody's at the moment, or
 * another's, does not come through. So nothing may be asked meanwhile, which could get hold of that session again.
 */
async function hearsNotice(client: Client, config: ClientConfig): Promise<boolean> {
  const channel = `keywright_${randomBytes(8).toString('hex')}`;
  // Should the connection break instead, the last statement tells.
  const heard = once(client, 'notification').then(
    () => true,
    () => false,
  );
  await client.query(`LISTEN ${channel}`);
  await withClient(config, (other) => other.query(`NOTIFY ${channel}`));
  const isHeard = await Promise.race([heard, sleep(noticeMs, false, { ref: false })]);
  await client.query(`UNLISTEN ${channel}`);
  return isHeard;
}

/** Does something over a connection of its own. */
export async function withClient(
  config: ClientConfig,
  run: (client: Client) => Promise<unknown>,
): Promise<void> {
  const client = new Client(config);
  // One that breaks while nothing is asked would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    await run(client);
  } finally {
    client.end().catch(() => {});
  }
}

/**
 * Which server a connection leads to, which must be one that takes changes. A copy may lag behind it, and knows nothing
 * of what was revoked meanwhile. No server becomes a copy without its connections being broken, so that it is asked once.
 * @returns when it was started, which tells it from its copies: those have all else in common
 */
export async function findOriginal(client: ClientBase): Promise<string> {
  const question: QueryConfig & { query_timeout: number } = {
    text: `SELECT pg_is_in_recovery() AS "isCopy", extract(epoch FROM pg_postmaster_start_time())::text AS started`,
    query_timeout: questionMs,
  };
  const { rows } = await client.query<{ isCopy: boolean; started: string }>(question);
  const [row] = rows;
  // As PostgreSQL itself says where somebody would change something.
  if (row?.isCopy !== false) throw Object.assign(new Error('it is read-only'), { code: '25006' });
  return row.started;
}
