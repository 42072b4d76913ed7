import { expect, test } from 'vitest';
import { followedRow } from '../testing/fake-ledger.ts';
import { FakeVerificationStore } from '../testing/fake-verification-store.ts';
import { turns } from '../testing/turns.ts';
import { ImportWatch } from './import-watch.ts';

function begin({ imports = false, pace = 'at once' as const as 'at once' | 'held' } = {}) {
  const store = new FakeVerificationStore();
  store.imports = imports;
  store.reads.pace = pace;
  const fence = { open: true, isOpen: () => fence.open };
  const watch = new ImportWatch({ store, fence });
  const row = (action: string) => followedRow(1, { action, subjectType: 'key', subjectId: 'key_1' });
  return { store, fence, watch, row };
}

test.each([true, false])('knows from the database whether there were imports (%s), asked once', (imports) => {
  const { store, watch } = begin({ imports });
  watch.clear();
  for (let i = 0; i < 3; i++) expect(watch.mayHaveImports()).toBe(imports);
  expect(store.reads.list()).toHaveLength(1);
});

test('as long as it is not known, there may be some', async () => {
  const { store, watch } = begin({ pace: 'held' });
  watch.clear();
  expect(watch.mayHaveImports()).toBe(true);
  store.reads.last().pass();
  await turns();
  expect(watch.mayHaveImports()).toBe(false);
  expect(store.reads.list()).toHaveLength(1);
});

test('a row of an import makes it true, and other rows do not', () => {
  const { watch, row } = begin();
  watch.clear();
  for (const action of ['key.created', 'key.rotated', 'key.deleted']) watch.apply(row(action));
  expect(watch.mayHaveImports()).toBe(false);
  watch.apply(row('key.imported'));
  expect(watch.mayHaveImports()).toBe(true);
});

test('a read from before the import does not undo what its row said', async () => {
  const { store, watch, row } = begin({ pace: 'held' });
  watch.clear();
  watch.apply(row('key.imported'));
  store.reads.last().pass();
  await turns();
  expect(watch.mayHaveImports()).toBe(true);
});

test('another ledger is asked anew, and an answer about the one before counts for nothing', async () => {
  const { store, watch } = begin({ imports: true, pace: 'held' });
  watch.clear();
  const former = store.reads.last();
  store.imports = false;
  watch.clear();
  former.pass();
  await turns();
  store.reads.last().pass();
  await turns();
  expect(watch.mayHaveImports()).toBe(false);
  expect(store.reads.list()).toHaveLength(2);
});

test('past the fence an import may have happened that nobody told of', () => {
  const { fence, watch } = begin();
  watch.clear();
  fence.open = false;
  expect(watch.mayHaveImports()).toBe(true);
  fence.open = true;
  expect(watch.mayHaveImports()).toBe(false);
});

test.each(['at once', 'held'] as const)(
  'a read that fails (%s) leaves it open, and is made again',
  async (pace) => {
    const { store, watch } = begin({ pace });
    if (pace === 'at once') store.reads.failure = new Error('no database');
    watch.clear();
    if (pace === 'held') store.reads.last().fail(new Error('no database'));
    await turns();
    expect(watch.mayHaveImports()).toBe(true);
    store.reads.failure = null;
    store.reads.pace = 'at once';
    await turns();
    watch.mayHaveImports();
    if (pace === 'held') store.reads.list()[1]?.pass();
    await turns();
    expect(watch.mayHaveImports()).toBe(false);
  },
);
