import { type KeySort, type KeyStatus, keySorts, keyStatuses } from '@keywright/contract';
import { expect, test } from 'vitest';
import type { Position } from '../../src/domain/paginate.ts';
import type { KeyFilter, StoredKey } from '../../src/keys/key-store.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { forEachEngine, type Place } from '../support/engines.ts';
import { epochMs, insertChannel, insertKey, insertProject } from '../support/records.ts';

const now = epochMs + 1000;

/** In the order of their UTF-8 bytes, which is neither a dictionary's nor that of UTF-16. */
const namesInOrder = [
  ' ',
  '%',
  '100% sure',
  'A_b',
  'Key 10',
  'Key 9',
  'Z',
  'a',
  'a',
  'aa',
  'e\u0301',
  'z',
  '\u00e9',
  '\ufb01',
  '🗝️',
];

const searches: [search: string, found: string[], why: string][] = [
  ['STRASSE', ['Große Strasse'], 'the case does not matter'],
  ['GROSSE', ['Große Strasse'], 'nor where a letter is two when it is a capital'],
  ['große', ['Große Strasse'], 'in either way'],
  ['ΑΒΓ', ['αβγ'], 'nor in Greek'],
  ['ΛΌΓΟΣ', ['λόγος'], 'where a letter has two small forms'],
  ['λόγοσ', ['λόγος'], 'either of which finds it'],
  ['ÉCOLE', ['École'], 'nor under accents'],
  ['100%', ['100% sure'], 'a percent sign is itself'],
  ['a_b', ['a_b'], 'an underscore is itself'],
  ['C:\\d', ['C:\\dir'], 'a backslash is itself'],
  ['\\', ['C:\\dir'], 'also at the end of the pattern'],
  ['🗝️', ['🗝️ four bytes'], 'characters outside of the BMP are found'],
  ["'; --", ["'; -- DROP"], 'quotes are text'],
  ['in the DESC', ['has a description'], 'the description counts'],
  ['USER@', ['has an owner'], 'the owner counts'],
  ['kw_pk_Aa', ['is a pair'], 'a public id, whole and exact'],
  ['kw_pk_aa', [], 'not in another case'],
  ['kw_pk_A', [], 'not a part of it'],
  ['nothing like it', [], 'what is nowhere is not found'],
  ['production sync 5', ['Production sync 500'], 'all of a longer text is compared'],
  ['xyztion sync 500', ['Proxyztion sync 500'], 'from wherever it begins'],
  ['🔑🔑 opens 75% of x_y', ['🔑🔑 opens 75% of x_y'], 'whatever characters it has'],
  ['ключ для карты', ['Ключ для карты'], 'and letters'],
  ['- - - - - -', ['- - - - - - -'], 'also without any'],
];

interface Listed extends StoredKey {
  lastUsedAt: number | null;
}

interface Fixture {
  projectId: string;
  channels: [string, string];
  keys: Listed[];
}

forEachEngine((createPlace) => {
  test('every sort lists all keys once, nulls last and ties by id, from page to page in both directions', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const { projectId, keys } = await insertFixture(place, storage);
    for (const sort of keySorts) {
      const expected = keys.toSorted(comparator(sort));
      const ids = expected.map(({ id }) => id);
      const read = async (from: Position | null, direction: 'next' | 'previous', limit: number) => {
        const rows = await storage.stores.keys.list({ projectId }, sort, { from, direction, limit }, now);
        return rows.map(({ id }) => id);
      };
      expect(await read(null, 'next', 100), sort).toEqual(ids);
      expect(await read(null, 'previous', 100), sort).toEqual(ids.toReversed());
      for (const [index, key] of expected.entries()) {
        const from = positionIn(sort, key);
        expect(await read(from, 'next', 3), `${sort} after ${index}`).toEqual(
          ids.slice(index + 1, index + 4),
        );
        const before = ids.slice(Math.max(0, index - 3), index).reverse();
        expect(await read(from, 'previous', 3), `${sort} before ${index}`).toEqual(before);
      }
    }
  });

  test('a position whose key is gone is still a place in the list', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const { projectId, keys } = await insertFixture(place, storage);
    for (const sort of keySorts) {
      const expected = keys.toSorted(comparator(sort));
      const [gone, next] = [expected[3], expected[4]];
      if (gone === undefined || next === undefined) throw new Error('the fixture has more than five keys');
      await place.query(`UPDATE keys SET deleted_at = 1 WHERE id = '${gone.id}'`);
      const slice = { from: positionIn(sort, gone), direction: 'next', limit: 1 } as const;
      const rows = await storage.stores.keys.list({ projectId }, sort, slice, now);
      expect(
        rows.map(({ id }) => id),
        sort,
      ).toEqual([next.id]);
      await place.query(`UPDATE keys SET deleted_at = NULL WHERE id = '${gone.id}'`);
    }
  });

  test('every combination of filters finds and counts what it should', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const fixture = await insertFixture(place, storage);
    const { projectId, keys } = fixture;
    for (const filter of combinations(fixture)) {
      const expected = keys.filter((key) => matches(key, filter)).sort(comparator('-createdAt'));
      const slice = { from: null, direction: 'next', limit: 100 } as const;
      const rows = await storage.stores.keys.list(filter, '-createdAt', slice, now);
      expect(
        rows.map(({ id }) => id),
        JSON.stringify(filter),
      ).toEqual(expected.map(({ id }) => id));
      expect(await storage.stores.keys.count(filter, 100, now), JSON.stringify(filter)).toBe(expected.length);
    }
    for (const max of [1, 2, keys.length, 1000]) {
      expect(await storage.stores.keys.count({ projectId }, max, now)).toBe(Math.min(max, keys.length));
    }
  });

  test('filters and sorts go together', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const { projectId, keys, channels } = await insertFixture(place, storage);
    const filters: KeyFilter[] = [
      { projectId, channelId: channels[0] },
      { projectId, ownerId: 'owner-1' },
      { projectId, status: 'expired' },
      { projectId, search: 'key' },
    ];
    for (const filter of filters) {
      for (const sort of keySorts) {
        const expected = keys.filter((key) => matches(key, filter)).sort(comparator(sort));
        const middle = expected[1];
        if (middle === undefined) throw new Error(`${JSON.stringify(filter)} finds too little to go on from`);
        const slice = { from: positionIn(sort, middle), direction: 'next', limit: 100 } as const;
        const rows = await storage.stores.keys.list(filter, sort, slice, now);
        expect(
          rows.map(({ id }) => id),
          `${sort} ${JSON.stringify(filter)}`,
        ).toEqual(expected.slice(2).map(({ id }) => id));
      }
    }
  });

  test('a search finds a part of name, description or owner in any case, or an exact id', async () => {
    const storage = await (await createPlace()).open();
    const projectId = await storage.transaction(async (stores) => {
      const { id } = await insertProject(stores);
      const names = [
        'Große Strasse',
        'αβγ',
        'λόγος',
        'École',
        '100% sure',
        '100 sure',
        'a_b',
        'axb',
        'C:\\dir',
        '🗝️ four bytes',
        "'; -- DROP",
        'Production sync 500',
        'Proxyztion sync 500',
        '🔑🔑 opens 75% of x_y',
        '🔑🔑 opens 750 of x-y',
        'Ключ для карты',
        'Ключ под карты',
        '- - - - - - -',
        '- - - = - - -',
      ];
      for (const name of names) await insertKey(stores, { projectId: id, name });
      await insertKey(stores, {
        projectId: id,
        name: 'has a description',
        description: 'In the description\nof it',
      });
      await insertKey(stores, { projectId: id, name: 'has an owner', ownerId: 'User@example.com' });
      await insertKey(stores, { projectId: id, name: 'is a pair', format: 'pair', publicId: 'kw_pk_Aa' });
      const stranger = await insertProject(stores);
      for (const name of names) await insertKey(stores, { projectId: stranger.id, name });
      return id;
    });
    for (const [search, expected, why] of searches) {
      const slice = { from: null, direction: 'next', limit: 100 } as const;
      const rows = await storage.stores.keys.list({ projectId, search }, 'name', slice, now);
      expect(
        rows.map(({ name }) => name),
        `${search}: ${why}`,
      ).toEqual(expected);
      expect(await storage.stores.keys.count({ projectId, search }, 100, now)).toBe(expected.length);
    }
  });

  test('a search for a key id finds this key, and none of another project', async () => {
    const storage = await (await createPlace()).open();
    const [own, strange] = await storage.transaction(async (stores) => [
      await insertKey(stores, { projectId: (await insertProject(stores)).id }),
      await insertKey(stores, { projectId: (await insertProject(stores)).id }),
    ]);
    if (own === undefined || strange === undefined) throw new Error('two keys were inserted');
    const count = (search: string) =>
      storage.stores.keys.count({ projectId: own.projectId, search }, 10, now);
    expect(await count(own.id)).toBe(1);
    expect(await count(own.id.slice(0, -1))).toBe(0);
    expect(await count(own.id.toUpperCase())).toBe(0);
    expect(await count(strange.id)).toBe(0);
  });
});

const monthMs = 30 * 86_400_000;

function insertFixture(place: Place, storage: Storage): Promise<Fixture> {
  return storage
    .transaction(async (stores) => {
      const [project, stranger] = [await insertProject(stores), await insertProject(stores)];
      const [first, second] = [
        await insertChannel(stores, { projectId: project.id }),
        await insertChannel(stores, { projectId: project.id }),
      ];
      const keys: StoredKey[] = [];
      for (const [index, name] of namesInOrder.entries()) {
        const key = await insertKey(stores, {
          projectId: project.id,
          name,
          createdAt: epochMs + (index % 4),
          channelId: [null, first.id, second.id][index % 3] ?? null,
          ownerId: [null, 'owner-1', 'owner-2', 'Owner-1'][index % 4] ?? null,
          status: (['active', 'inactive', 'revoked'] as const)[index % 5] ?? 'active',
          expiresAt: [null, now + 5, now, now - 7 - index * monthMs, null, now + 5][index % 6] ?? null,
        });
        keys.push(key);
        await insertKey(stores, { projectId: stranger.id, name });
        const deleted = await insertKey(stores, { projectId: project.id, name });
        await stores.keys.delete(deleted.id, now);
      }
      return { projectId: project.id, channels: [first.id, second.id] as [string, string], keys };
    })
    .then(async ({ keys, ...fixture }) => {
      const listed = keys.map((key, index) => ({
        ...key,
        lastUsedAt: [null, 50, 40, 50, null][index % 5] ?? null,
      }));
      const uses = listed
        .filter(({ lastUsedAt }) => lastUsedAt !== null)
        .map(({ id, projectId, lastUsedAt }) => `('${id}', '${projectId}', ${lastUsedAt})`);
      await place.query(`INSERT INTO key_last_use (key_id, project_id, at) VALUES ${uses.join(', ')}`);
      return { ...fixture, keys: listed };
    });
}

/** What the contract says of the order, written down a second time and without a database. */
function comparator(sort: KeySort): (a: Listed, b: Listed) => number {
  const isDescending = sort.startsWith('-');
  const field = (isDescending ? sort.slice(1) : sort) as 'createdAt' | 'name' | 'lastUsedAt' | 'expiresAt';
  const sign = isDescending ? -1 : 1;
  const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  return (a, b) => {
    const [x, y] = [a[field], b[field]];
    if (x === null || y === null) return x === y ? sign * byBytes(a.id, b.id) : x === null ? 1 : -1;
    const order = typeof x === 'string' ? byBytes(x, String(y)) : x - Number(y);
    return sign * (order === 0 ? byBytes(a.id, b.id) : order);
  };
}

function positionIn(sort: KeySort, key: Listed): Position {
  if (sort.endsWith('name')) return { value: key.name, id: key.id };
  if (sort.endsWith('expiresAt')) return { value: key.expiresAt, id: key.id };
  if (sort.endsWith('lastUsedAt')) return { value: key.lastUsedAt, id: key.id };
  return { value: null, id: key.id };
}

function* combinations({ projectId, channels }: Fixture): Generator<KeyFilter> {
  for (const channelId of [undefined, ...channels, 'chn_unknown']) {
    for (const ownerId of [undefined, 'owner-1', 'Owner-1', 'owner']) {
      for (const status of [undefined, ...keyStatuses]) {
        for (const search of [undefined, 'KEY', 'owner', '%']) {
          yield {
            projectId,
            ...(channelId !== undefined && { channelId }),
            ...(ownerId !== undefined && { ownerId }),
            ...(status !== undefined && { status }),
            ...(search !== undefined && { search }),
          };
        }
      }
    }
  }
}

function matches(key: Listed, { channelId, ownerId, status, search }: KeyFilter): boolean {
  const text = `${key.name}\n${key.ownerId ?? ''}`.toLowerCase();
  return (
    (channelId === undefined || key.channelId === channelId) &&
    (ownerId === undefined || key.ownerId === ownerId) &&
    (status === undefined || statusOf(key) === status) &&
    (search === undefined || text.includes(search.toLowerCase()))
  );
}

function statusOf(key: Listed): KeyStatus {
  if (key.status === 'revoked') return 'revoked';
  return key.expiresAt !== null && key.expiresAt <= now ? 'expired' : key.status;
}
