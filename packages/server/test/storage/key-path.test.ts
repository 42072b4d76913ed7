import { join } from 'node:path';
import { type KeySort, keySorts, keyStatuses } from '@keywright/contract';
import { Kysely } from 'kysely';
import { expect, test } from 'vitest';
import type { Position, Slice } from '../../src/domain/paginate.ts';
import type { KeyFilter, KeyRow } from '../../src/keys/key-store.ts';
import type { KeyPath } from '../../src/storage/key-filter.ts';
import { createKeyLists, readSlice } from '../../src/storage/key-list.ts';
import { searchIndexQuery } from '../../src/storage/key-search.ts';
import type { Schema } from '../../src/storage/schema.ts';
import { databaseFile } from '../../src/storage/sqlite-files.ts';
import { readInThread } from '../../src/storage/sqlite-thread-dialect.ts';
import { createDirectory, sharePlace } from '../support/engines.ts';
import { epochMs, insertChannel, insertKey, insertProject } from '../support/records.ts';

const now = epochMs + 50;
const all = 1000;
const names = ['Billing', 'billing 2', 'Édith', 'zq', 'a', '%_\\', 'Maps EU', '🗝️🗝️', '"quoted"', 'aaa\taaa'];

/** Some have just expired or are about to, the others expired in one of many months. */
function expiryOf(i: number): number {
  return i % 2 === 0 ? epochMs + i : now - (i % 11) * 20 * 86_400_000;
}

let projectId = '';
let channels: string[] = [];

/** 200 keys of all kinds in a project of two channels, and as many in another with a channel of its own. */
const getPlace = sharePlace(createDirectory, async (place) => {
  const storage = await place.open();
  await storage.transaction(async (stores) => {
    for (const mine of [false, true]) {
      const project = await insertProject(stores);
      const own: string[] = [];
      for (let i = 0; i < 3; i++) own.push((await insertChannel(stores, { projectId: project.id })).id);
      if (mine) projectId = project.id;
      channels = mine ? [...own.slice(0, 2), ...channels.slice(0, 1)] : own;
      for (let i = 0; i < 200; i++) {
        const status = (['active', 'active', 'inactive', 'revoked'] as const)[i % 4] ?? 'active';
        const key = await insertKey(stores, {
          projectId: project.id,
          channelId: own[i % 5] ?? null,
          ownerId: i % 7 === 0 ? null : `owner-${i % 3}`,
          name: names[i % names.length] ?? '',
          description: i % 6 === 0 ? 'the zq of it' : null,
          publicId: i === 11 ? `kw_pk_${project.id}` : null,
          status,
          revokedAt: status === 'revoked' ? epochMs : null,
          expiresAt: i % 3 === 0 ? expiryOf(i) : null,
          createdAt: epochMs + Math.floor(i / 2),
        });
        if (i % 10 === 0) await stores.keys.delete(key.id, now);
      }
    }
  });
  await storage.close();
  await place.query(
    `INSERT INTO key_last_use (key_id, project_id, at)
     SELECT id, project_id, created_at % 40 FROM keys WHERE created_at % 3 <> 0`,
  );
});

function filters(): KeyFilter[] {
  const parts: Partial<KeyFilter>[][] = [
    [{}, ...channels.map((channelId) => ({ channelId }))],
    [{}, { ownerId: 'owner-1' }, { visibleTo: 'owner-2' }],
    [{}, ...keyStatuses.map((status) => ({ status }))],
    [
      {},
      ...['BILL', 'zq', 'q', '%_\\', '🗝️', `kw_pk_${projectId}`].map((search) => ({
        search,
      })),
    ],
  ];
  return parts.reduce<KeyFilter[]>(
    (made, choices) => made.flatMap((filter) => choices.map((choice) => ({ ...filter, ...choice }))),
    [{ projectId }],
  );
}

/** The paths that exist for a filter. */
function pathsFor(filter: KeyFilter, match: string | null): KeyPath[] {
  const { channelId, ownerId, visibleTo, status } = filter;
  const paths: [KeyPath, boolean][] = [
    ['owner', (ownerId ?? visibleTo) !== undefined],
    ['channel', channelId !== undefined],
    ['status', status !== undefined && status !== 'expired'],
    ['expiry', status === 'expired'],
    ['expired', status === 'expired'],
    ['search', match !== null],
  ];
  return paths.filter(([, exists]) => exists).map(([path]) => path);
}

function openLists(): Kysely<Schema> {
  const db = new Kysely<Schema>({
    dialect: readInThread(join(getPlace().location, databaseFile)),
  });
  return db;
}

const slice: Slice = { from: null, direction: 'next', limit: all };
const idsOf = (rows: KeyRow[]) => rows.map(({ id }) => id);

test('whichever path is taken, a filter lets the same keys through, and as many are counted', async () => {
  const db = openLists();
  const lists = createKeyLists(db, 'sqlite');
  let found = 0;
  for (const filter of filters()) {
    const label = JSON.stringify(filter);
    const match = filter.search === undefined ? null : await searchIndexQuery(db, filter.search);
    const read = (path: KeyPath) =>
      readSlice(db, filter, { sort: '-createdAt', slice }, { engine: 'sqlite', path, match, now }).then(
        idsOf,
      );
    const expected = await read('project');
    found += expected.length;
    for (const path of pathsFor(filter, match))
      expect(await read(path), `${path} ${label}`).toEqual(expected);
    expect(idsOf(await lists.list(filter, '-createdAt', slice, now)), label).toEqual(expected);
    expect(await lists.count(filter, all, now), label).toBe(expected.length);
    expect(await lists.count(filter, 2, now), label).toBe(Math.min(2, expected.length));
  }
  expect(found).toBeGreaterThan(1000);
  await db.destroy();
});

test('whichever path is taken, pages are in the same order and go on at the same place', async () => {
  const db = openLists();
  const some: Partial<KeyFilter>[] = [
    { ownerId: 'owner-1' },
    { channelId: channels[0] ?? '' },
    { status: 'active' },
    { status: 'expired' },
    { search: 'bil' },
  ];
  for (const part of some) {
    const filter = { projectId, ...part };
    const match = filter.search === undefined ? null : await searchIndexQuery(db, filter.search);
    for (const sort of keySorts) {
      const read = (path: KeyPath, page: Slice) =>
        readSlice(db, filter, { sort, slice: page }, { engine: 'sqlite', path, match, now });
      const whole = await read('project', slice);
      const middle = whole[Math.floor(whole.length / 2)];
      for (const from of [null, middle === undefined ? null : positionIn(sort, middle)]) {
        for (const direction of ['next', 'previous'] as const) {
          const page = { from, direction, limit: 9 };
          const expected = idsOf(await read('project', page));
          expect(expected.length).toBeGreaterThan(0);
          for (const path of pathsFor(filter, match)) {
            if (path === 'expired' && !sort.endsWith('createdAt')) continue;
            expect(idsOf(await read(path, page)), `${path} ${sort} ${JSON.stringify(part)}`).toEqual(
              expected,
            );
          }
        }
      }
    }
  }
  await db.destroy();
});

function positionIn(sort: KeySort, key: KeyRow): Position {
  const field = sort.replace('-', '');
  const values: Record<string, Position['value']> = {
    createdAt: null,
    name: key.name,
    expiresAt: key.expiresAt,
    lastUsedAt: key.lastUse?.at ?? null,
  };
  return { value: values[field] ?? null, id: key.id };
}

test('what is searched follows every way in which a key is changed', async () => {
  const place = await createDirectory();
  const storage = await place.open();
  const find = async (search: string) =>
    idsOf(await storage.stores.keys.list({ projectId: own, search }, 'createdAt', slice, now));
  const { id: own } = await storage.transaction((stores) => insertProject(stores));
  const key = await storage.transaction((stores) => insertKey(stores, { projectId: own, name: 'Red fox' }));
  expect(await find('red f')).toEqual([key.id]);
  await storage.transaction(({ keys }) => keys.update({ ...key, name: 'Blue fox', ownerId: 'anna' }));
  expect(await find('red f')).toEqual([]);
  expect(await find('blue')).toEqual([key.id]);
  expect(await find('NNA')).toEqual([key.id]);
  await place.query(`UPDATE keys SET search_text = 'green fox' WHERE id = '${key.id}'`);
  expect(await find('green')).toEqual([key.id]);
  expect(await find('blue')).toEqual([]);
  await storage.transaction(({ keys }) => keys.delete(key.id, now));
  expect(await find('green')).toEqual([]);
  // Nothing of it is left in the index either, and what is in there finds its key.
  expect(await place.query('SELECT * FROM key_search_rows')).toEqual([]);
  expect(await place.query(`SELECT rowid FROM key_search WHERE key_search MATCH '"fox"'`)).toEqual([]);
});
