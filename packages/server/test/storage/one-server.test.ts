import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../../test-support/postgres-server.ts';
import { createPool } from '../../src/storage/postgres.ts';
import { OneServer } from '../../src/storage/postgres-one-server.ts';

async function start(): Promise<PostgresServer> {
  const server = await startPostgres();
  onTestFinished(server.stop);
  return server;
}

async function connect({ url }: PostgresServer): Promise<Client> {
  const client = new Client(url);
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

test('connections lead to the server of the newest one, and none that is late leads back', async () => {
  const [former, present] = [await start(), await start()];
  const server = new OneServer();
  let moves = 0;
  server.onMove(() => moves++);

  const pool = createPool(former.url, () => {}, { onConnect: (client) => server.admit(client) });
  onTestFinished(() => pool.end());
  const idle = await pool.connect();
  idle.release();
  const busy = await connect(former);
  const late = await connect(former);
  await server.admit(busy);
  await busy.query('BEGIN');
  const waiting = busy.query('SELECT pg_sleep(60)');
  expect(moves).toBe(0);

  const [first, second] = [await connect(present), await connect(present)];
  await server.admit(first);
  expect(moves).toBe(1);
  await expect(waiting).rejects.toThrow('Connection terminated');
  await expect.poll(() => pool.totalCount).toBe(0);

  await expect(server.admit(late)).rejects.toThrow('Connection terminated');
  await expect(pool.connect()).rejects.toThrow('Connection terminated');
  await server.admit(second);
  expect(moves).toBe(1);
  for (const client of [first, second]) expect((await client.query('SELECT 1')).rowCount).toBe(1);
}, 60_000);
