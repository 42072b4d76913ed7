import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Pool } from 'pg';
import { hashSecret, type SecretHash, secretHashBytes } from '../packages/server/src/keys/secret-format.ts';
import { keyQuery } from '../packages/server/src/storage/point-queries.ts';
import { createPool } from '../packages/server/src/storage/postgres.ts';
import { createPostgresVerificationStore } from '../packages/server/src/storage/postgres-point-reads.ts';
import { parameter } from '../packages/server/src/storage/sqlite-compiler.ts';
import { createSqliteVerificationStore } from '../packages/server/src/storage/sqlite-point-reads.ts';
import type { Limiter } from '../packages/server/src/verification/limiter.ts';
import type { VerificationStore } from '../packages/server/src/verification/verification-store.ts';
import { MemoryVerifier } from '../packages/server/src/verification/verify.ts';
import { type Comparison, compare } from './measure.ts';
import { caller, openPostgresWorkshop, openSqliteWorkshop } from './workshop.ts';

/** A verification that must ask the database, against the bare query through the same driver, one after the other. */
export async function benchMiss(rounds: number, keyCount: number): Promise<Comparison[]> {
  return [...(await missOnSqlite(rounds, keyCount)), await missOnPostgres(rounds, keyCount)];
}

/** Against the statement as one would write it, and against the same as it is written here, which SQLite keeps compiled. */
async function missOnSqlite(rounds: number, keyCount: number): Promise<Comparison[]> {
  const workshop = await openSqliteWorkshop();
  try {
    const secrets = await workshop.createKeys(keyCount);
    const database = new Database(join(workshop.location, 'keywright.db'), { readonly: true });
    const rows: Comparison[] = [];
    for (const [bareName, written] of [
      [bareLookup, '?'],
      [`${bareLookup}, kept compiled as ours is`, parameter],
    ] as const) {
      const statement = database.prepare(keyQuery(`= ${written}`));
      const row = await measure('SQLite', rounds, secrets, {
        limiter: workshop.engine.limiter,
        store: createSqliteVerificationStore(database),
        bareName,
        bare: (hash) => statement.all(secretHashBytes(hash)),
      });
      rows.push(row);
    }
    database.close();
    return rows;
  } finally {
    await workshop.close();
  }
}

async function missOnPostgres(rounds: number, keyCount: number): Promise<Comparison> {
  const workshop = await openPostgresWorkshop();
  try {
    const secrets = await workshop.createKeys(keyCount);
    const pool = createPool(workshop.location, () => {});
    const barePool = new Pool({ connectionString: workshop.location });
    const text = keyQuery('= $1');
    const row = await measure('PostgreSQL', rounds, secrets, {
      limiter: workshop.engine.limiter,
      store: createPostgresVerificationStore(pool),
      bareName: bareLookup,
      bare: (hash) => barePool.query({ name: 'bare', text, values: [secretHashBytes(hash)] }),
    });
    await Promise.all([pool.end(), barePool.end()]);
    return row;
  } finally {
    await workshop.close();
  }
}

const bareLookup = 'the bare point lookup through the same driver';

interface Sides {
  limiter: Limiter;
  store: VerificationStore;
  bareName: string;
  bare(hash: SecretHash): unknown;
}

async function measure(
  engine: string,
  rounds: number,
  secrets: string[],
  { limiter, store, bareName, bare }: Sides,
) {
  // With room for two records, of which none is asked for twice in a row, every verification is a miss.
  const verifier = new MemoryVerifier({
    store,
    fence: { isOpen: () => true },
    clock: { now: () => Date.now(), wall: () => Date.now(), fromWall: (wall) => wall },
    appliedSeq: () => 0,
    limiter,
    capacity: 2,
  });
  const hashes = secrets.map(hashSecret);
  const perCall = async (run: (index: number) => unknown) => {
    const start = performance.now();
    for (let i = 0; i < secrets.length; i++) await run(i);
    return ((performance.now() - start) / secrets.length) * 1000;
  };
  return compare(
    {
      name: `a miss on ${engine}`,
      unit: 'µs',
      againstName: bareName,
      goal: { atMost: 1.5 },
      ours: () =>
        perCall(async (index) => {
          const verdict = await verifier.verify({ key: secrets[index] ?? '' }, caller);
          if (verdict.code !== 'valid') throw new Error(`a key that exists was ${verdict.code}`);
        }),
      against: () => perCall((index) => bare(hashes[index] as SecretHash)),
    },
    rounds,
  );
}
