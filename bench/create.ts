import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Pool } from 'pg';
import { createKey } from '../packages/server/src/keys/create-key.ts';
import { type Comparison, compare } from './measure.ts';
import { caller, openPostgresWorkshop, openSqliteWorkshop, type Workshop } from './workshop.ts';

const body = 'x'.repeat(400);
const callersAtOnce = 16;

/** Creating a key, on disk when it is answered, against bare inserts of one row with the same durability. */
export async function benchCreate(rounds: number, count: number): Promise<Comparison[]> {
  return [...(await createOnSqlite(rounds, count)), ...(await createOnPostgres(rounds, count))];
}

async function createOnSqlite(rounds: number, count: number): Promise<Comparison[]> {
  const workshop = await openSqliteWorkshop();
  const database = new Database(join(workshop.location, 'bare.db'));
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.exec('CREATE TABLE bare (id TEXT PRIMARY KEY, body TEXT) STRICT');
    const insert = database.prepare('INSERT INTO bare VALUES (?, ?)');
    return await measure('SQLite', workshop, { rounds, count, insert: async (id) => insert.run(id, body) });
  } finally {
    database.close();
    await workshop.close();
  }
}

async function createOnPostgres(rounds: number, count: number): Promise<Comparison[]> {
  const workshop = await openPostgresWorkshop();
  const pool = new Pool({ connectionString: workshop.location, max: 10 });
  try {
    await pool.query('CREATE TABLE bare (id text PRIMARY KEY, body text)');
    const text = 'INSERT INTO bare VALUES ($1, $2)';
    const insert = (id: string) => pool.query({ name: 'bare', text, values: [id, body] });
    return await measure('PostgreSQL', workshop, { rounds, count, insert });
  } finally {
    await pool.end();
    await workshop.close();
  }
}

interface Measured {
  rounds: number;
  count: number;
  insert(id: string): Promise<unknown>;
}

async function measure(
  engine: string,
  workshop: Workshop,
  { rounds, count, insert }: Measured,
): Promise<Comparison[]> {
  let number = 0;
  const create = () => {
    const id = number++;
    return createKey(workshop.engine.context, caller, workshop.projectId, {
      name: `K ${id}`,
      ownerId: `o ${id}`,
    });
  };
  const perSecond = async (callers: number, run: () => Promise<unknown>) => {
    const start = performance.now();
    const loop = async () => {
      for (let i = 0; i < count / callers; i++) await run();
    };
    await Promise.all(Array.from({ length: callers }, loop));
    return (count / (performance.now() - start)) * 1000;
  };
  const rows: Comparison[] = [];
  for (const callers of [callersAtOnce, 1]) {
    const row = await compare(
      {
        name: `create, durable, ${engine}, ${callers === 1 ? 'one caller' : `${callers} callers at once`}`,
        unit: '/s',
        againstName: 'bare single-row inserts, one after the other',
        goal: { atLeast: 0.4 },
        ours: () => perSecond(callers, create),
        against: () => perSecond(1, () => insert(`row ${number++}`)),
      },
      rounds,
    );
    rows.push(row);
  }
  return rows;
}
