import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import { onTestFinished } from 'vitest';
import type { Stores } from '../../src/domain/context.ts';
import { createPool } from '../../src/storage/postgres.ts';
import type { Schema } from '../../src/storage/schema.ts';
import { StableSqliteDialect } from '../../src/storage/sqlite-compiler.ts';
import { databaseFile } from '../../src/storage/sqlite-files.ts';
import { createStores } from '../../src/storage/stores.ts';
import type { Place } from './engines.ts';

/** A step of a plan that reads a table. */
interface Access {
  table: string;
  /** Whether it finds its rows by an index, instead of looking at all. */
  isSought: boolean;
  /** How many rows it looked at; null where the engine does not tell. */
  rows: number | null;
}

export interface Plan {
  /** What was explained, for the message of a failure. */
  text: string;
  accesses: Access[];
  /** Whether rows are sorted, instead of being read in their order. */
  sorts: boolean;
}

export interface Planner {
  /** Runs reads of the stores, and answers the plan of each query that they made. */
  explain(read: (stores: Stores) => Promise<unknown>): Promise<Plan[]>;
  explainText(text: string, parameters: unknown[]): Promise<Plan>;
}

/** Explains the queries of the stores on a connection of its own to a database that exists. */
export function createPlanner(place: Place): Planner {
  const queries: CompiledQuery[] = [];
  const log = ({ query }: { query: CompiledQuery }) => void queries.push(query);
  const { dialect, explainText } = place.engine === 'sqlite' ? onSqlite(place) : onPostgres(place);
  const db = new Kysely<Schema>({ dialect, log });
  onTestFinished(() => db.destroy());
  const stores = createStores(db, place.engine);
  return {
    explainText,
    async explain(read) {
      queries.length = 0;
      await read(stores);
      const plans: Plan[] = [];
      for (const { sql, parameters } of queries) plans.push(await explainText(sql, [...parameters]));
      return plans;
    },
  };
}

function onSqlite(place: Place) {
  const database = new Database(join(place.location, databaseFile), { readonly: true });
  const explainText = async (text: string, parameters: unknown[]): Promise<Plan> => {
    const lines = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all(parameters) as { detail: string }[];
    const details = lines.map(({ detail }) => detail);
    return {
      text: [text, ...details].join('\n'),
      accesses: details.flatMap((detail) => {
        const step = /^(SEARCH|SCAN) (\w+)/.exec(detail);
        return step === null ? [] : [{ table: step[2] ?? '', isSought: step[1] === 'SEARCH', rows: null }];
      }),
      sorts: details.some((detail) => detail.includes('TEMP B-TREE')),
    };
  };
  return { dialect: new StableSqliteDialect({ database }), explainText };
}

interface PostgresStep {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PostgresStep[];
}

function onPostgres(place: Place) {
  const pool = createPool(place.location, () => {});
  // Some tables are all but empty here: what is asked is whether the planner could seek in them if they were not.
  pool.on('connect', (client) => void client.query('SET enable_seqscan TO off'));
  const explainText = async (text: string, parameters: unknown[]): Promise<Plan> => {
    const explained = await pool.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, parameters);
    const [{ Plan: root }] = explained.rows[0]['QUERY PLAN'] as [{ Plan: PostgresStep }];
    const steps = flatten(root);
    return {
      text: [text, ...describe(root, '')].join('\n'),
      accesses: steps.flatMap((step) => {
        const { 'Relation Name': table, 'Actual Loops': loops } = step;
        const rows = (step['Actual Rows'] + (step['Rows Removed by Filter'] ?? 0)) * loops;
        return table === undefined ? [] : [{ table, isSought: step['Node Type'] !== 'Seq Scan', rows }];
      }),
      sorts: steps.some((step) => step['Node Type'].includes('Sort')),
    };
  };
  return { dialect: new PostgresDialect({ pool }), explainText };
}

function describe(step: PostgresStep, indent: string): string[] {
  const { 'Node Type': type, 'Relation Name': table = '', 'Index Name': index = '' } = step;
  const rows = `${step['Actual Rows']} rows, ${step['Rows Removed by Filter'] ?? 0} removed, ${step['Actual Loops']} loops`;
  return [
    `${indent}${type} ${table} ${index}: ${rows}`,
    ...(step.Plans ?? []).flatMap((inner) => describe(inner, `${indent}  `)),
  ];
}

function flatten(step: PostgresStep): PostgresStep[] {
  return [step, ...(step.Plans ?? []).flatMap(flatten)];
}
