import type { KeySort, ListKeysQuery } from '@keywright/contract';
import { listKeys } from '../packages/server/src/keys/list-keys.ts';
import { listProjects } from '../packages/server/src/projects/list-projects.ts';
import type { Engine } from '../packages/server/src/storage/engine.ts';
import { frequentWord, makeUpKey, missingWord } from './made-up-keys.ts';
import { type Comparison, compare } from './measure.ts';
import { openSeeded, type Seeded } from './seeded.ts';
import { caller } from './workshop.ts';

const few = 1000;

/** A page of a list, a search and a start with a great many keys, against the same with a thousand. */
export async function benchManyKeys(rounds: number, count: number): Promise<Comparison[]> {
  return [...(await onEngine('sqlite', rounds, count)), ...(await onEngine('postgres', rounds, count))];
}

async function onEngine(engine: Engine, rounds: number, count: number): Promise<Comparison[]> {
  const small = await openSeeded(engine, few);
  const large = await openSeeded(engine, count);
  const against = `the same at ${few.toLocaleString('en')}`;
  const at = `at ${count.toLocaleString('en')} keys, ${engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'}`;
  const rows: Comparison[] = [];
  try {
    for (const [name, read] of Object.entries(pages)) {
      for (const seeded of [small, large]) await perPage(seeded, read, warmUps);
      const row = await compare(
        {
          name: `${name}, ${at}`,
          unit: 'ms',
          againstName: against,
          goal: { atMost: 1.5 },
          ours: () => perPage(large, read),
          against: () => perPage(small, read),
        },
        rounds,
      );
      rows.push(row);
    }
    const start = await compare(
      {
        name: `start, ${at}`,
        unit: 'ms',
        againstName: against,
        goal: { atMostMore: 500 },
        ours: () => large.restart(),
        against: () => small.restart(),
      },
      rounds,
    );
    return [...rows, start];
  } finally {
    await small.close();
    await large.close();
  }
}

type ReadPage = (seeded: Seeded) => Promise<unknown>;

const ofKeys =
  (query: (seeded: Seeded) => Partial<ListKeysQuery>): ReadPage =>
  (seeded) =>
    listKeys(seeded.context, caller, seeded.projectId, { limit: 20, sort: '-createdAt', ...query(seeded) });

const pages: Record<string, ReadPage> = {
  'first page of keys, newest first': ofKeys(() => ({})),
  'page in the middle, newest first': deepPage('-createdAt'),
  'first page of keys, by name': ofKeys(() => ({ sort: 'name' })),
  'page in the middle, by name': deepPage('name'),
  'first page of keys, by last use': ofKeys(() => ({ sort: '-lastUsedAt' })),
  'first page of keys, by expiry': ofKeys(() => ({ sort: 'expiresAt' })),
  'keys of a large channel': ofKeys(({ channelIds }) => ({ channelId: channelIds[0] ?? '' })),
  'keys of an owner, by name': ofKeys(({ count }) => ({
    ownerId: makeUpKey(7, count).ownerId,
    sort: 'name',
  })),
  'active keys': ofKeys(() => ({ status: 'active' })),
  'revoked keys': ofKeys(() => ({ status: 'revoked' })),
  'expired keys': ofKeys(() => ({ status: 'expired' })),
  'search for one key': ofKeys(({ count }) => ({ search: makeUpKey(count / 2, count).name })),
  'search for what is nowhere': ofKeys(() => ({ search: missingWord })),
  'search for what is in a fifth of the keys': ofKeys(() => ({ search: frequentWord })),
  'list of projects': ({ context }) => listProjects(context, caller, { limit: 20 }),
};

/** The page that begins at the key in the middle of all, reached by a cursor. */
function deepPage(sort: KeySort): ReadPage {
  const cursors = new WeakMap<Seeded, string>();
  return async (seeded) => {
    const query = { limit: 20, sort };
    let cursor = cursors.get(seeded);
    if (cursor === undefined) {
      const { page } = await listKeys(seeded.context, caller, seeded.projectId, query);
      const content = JSON.parse(Buffer.from(page.next ?? '', 'base64url').toString());
      const { id, name } = makeUpKey(seeded.count / 2, seeded.count);
      const moved = { ...content, i: id, v: sort === 'name' ? name : null, n: seeded.count / 2 };
      cursor = Buffer.from(JSON.stringify(moved)).toString('base64url');
      cursors.set(seeded, cursor);
    }
    return listKeys(seeded.context, caller, seeded.projectId, { ...query, cursor });
  };
}

/** Milliseconds for a page, as the mean of several. */
async function perPage(seeded: Seeded, read: ReadPage, repeats = 20): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) await read(seeded);
  return (performance.now() - start) / repeats;
}

/** A server that was just started compiles its code, and the database plans each statement anew a few times. */
const warmUps = 60;
