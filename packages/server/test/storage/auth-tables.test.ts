import { expect, test } from 'vitest';
import { authOn } from '../support/auth.ts';
import { forEachEngine, type Place } from '../support/engines.ts';
import { startEngine } from '../support/running-engine.ts';

interface Column {
  name: string;
  isRequired: boolean;
  isUnique: boolean;
}

/** The columns of a table as the database has them. */
async function columnsOf({ engine, query }: Place, table: string): Promise<Column[]> {
  if (engine === 'postgres') {
    const rows = await query<{ name: string; nullable: string; uniques: string }>(
      `SELECT column_name AS name, is_nullable AS nullable, (
         SELECT count(*) FROM pg_index JOIN pg_attribute AS a ON a.attrelid = indrelid AND a.attnum = indkey[0]
         WHERE indrelid = '${table}'::regclass AND indisunique AND indnatts = 1 AND a.attname = column_name
       ) AS uniques FROM information_schema.columns WHERE table_name = '${table}'`,
    );
    return rows.map(({ name, nullable, uniques }) => ({
      name,
      isRequired: nullable === 'NO',
      isUnique: Number(uniques) > 0,
    }));
  }
  const rows = await query<{ name: string; notnull: number; pk: number; uniques: number }>(
    `SELECT name, "notnull", pk, (
       SELECT count(*) FROM pragma_index_list('${table}') AS list
       WHERE list."unique" AND 1 = (SELECT count(*) FROM pragma_index_info(list.name))
       AND columns.name = (SELECT name FROM pragma_index_info(list.name))
     ) AS uniques FROM pragma_table_info('${table}') AS columns`,
  );
  return rows.map(({ name, notnull, pk, uniques }) => ({
    name,
    isRequired: notnull === 1 || pk === 1,
    isUnique: uniques > 0 || pk === 1,
  }));
}

forEachEngine((createPlace) => {
  test('the tables have what the library expects of them, and need nothing that it does not write', async () => {
    const place = await createPlace();
    const { tables } = await authOn(await startEngine(await place.open())).$context;
    expect(Object.keys(tables).sort()).toEqual([
      'account',
      'passkey',
      'session',
      'twoFactor',
      'user',
      'verification',
    ]);
    for (const { modelName, fields } of Object.values(tables)) {
      const columns = await columnsOf(place, modelName);
      const expected = Object.entries(fields).map(([name, field]) => ({
        name: field.fieldName ?? name,
        isRequired: field.required !== false,
        isUnique: field.unique === true,
      }));
      const wanted = [
        ...expected.filter(({ name }) => name !== 'id'),
        { name: 'id', isRequired: true, isUnique: true },
      ];
      const byName = (a: Column, b: Column) => (a.name < b.name ? -1 : 1);
      expect(columns.sort(byName), modelName).toEqual(wanted.sort(byName));
    }
  });
});
