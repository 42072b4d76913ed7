import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { getMigrations } from 'better-auth/db/migration';
import Database from 'better-sqlite3';
import fastify from 'fastify';

/**
 * The peer that the verification route is measured by: better-auth's api-key plugin behind fastify, with its records in
 * memory or, if `PEER_DATABASE` names a file, on SQLite in WAL mode. Limits are off, which is the faster for it.
 */
const file = process.env.PEER_DATABASE;
const tables = { user: [], session: [], account: [], verification: [], apikey: [] };

function openDatabase(path: string) {
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  return database;
}

const auth = betterAuth({
  baseURL: 'http://127.0.0.1',
  secret: 'of no use to anybody but this benchmark',
  database: file === undefined ? memoryAdapter(tables) : openDatabase(file),
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
  // It misses its tables before they are made.
  logger: { disabled: true },
  plugins: [apiKey({ rateLimit: { enabled: false } })],
});
if (file !== undefined) await (await getMigrations(auth.options)).runMigrations();
const { user } = await auth.api.signUpEmail({
  body: { name: 'Bench', email: 'bench@example.com', password: 'a lamp below the sea' },
});
const { key } = await auth.api.createApiKey({ body: { name: 'Hot', userId: user.id } });

const server = fastify();
server.post('/v1/verify', async (request) =>
  auth.api.verifyApiKey({ body: { key: (request.body as { key: string }).key } }),
);
const url = await server.listen({ host: '127.0.0.1', port: 0 });
const { valid } = await auth.api.verifyApiKey({ body: { key } });
if (!valid) throw new Error('the peer does not take its own key');
process.stdout.write(`${JSON.stringify({ key, url })}\n`);
process.on('SIGTERM', () => process.exit(0));
