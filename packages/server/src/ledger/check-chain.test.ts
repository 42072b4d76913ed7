import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChainExpectations, type ChainFault, checkChain } from './check-chain.ts';
import { genesis, type LedgerEntry, type LedgerHead, type StoredLedgerRow } from './entry.ts';
import { hashPrivate, hashRow } from './row.ts';
import { buildChain, chainOf, stream } from './testing/chain.ts';

describe('a chain that holds', () => {
  test('is counted, and its head told', async () => {
    const rows = buildChain(7);
    const head = headOf(rows);
    expect(await check(rows, { storedHead: head, keptHead: head })).toEqual({
      holds: true,
      rows: 7,
      erased: 0,
      head,
    });
  });

  test('is also the empty one', async () => {
    const report = await check([], { storedHead: genesis, keptHead: genesis });
    expect(report).toEqual({ holds: true, rows: 0, erased: 0, head: genesis });
  });

  test('may have gone on since the kept head', async () => {
    const rows = buildChain(7);
    const [keptHead, storedHead] = [headOf(rows.slice(0, 3)), headOf(rows)];
    expect(await check(rows, { keptHead, storedHead })).toMatchObject({ holds: true });
  });

  test('still holds where private parts were erased, and counts them', async () => {
    const rows = edit(edit(buildChain(7), 1, { private: null }), 4, { private: null });
    expect(await check(rows, { storedHead: headOf(rows) })).toMatchObject({ holds: true, erased: 2 });
  });
});

describe('tampering that the rows show by themselves', () => {
  const rows = buildChain(6);
  const [first, second, third] = rows as [StoredLedgerRow, StoredLedgerRow, StoredLedgerRow];

  test('an edited body', async () => {
    await expectFault(
      edit(rows, 3, { body: third.body.replace('key.revoked', 'key.created') }),
      3,
      'wrong_hash',
    );
  });

  test('an edited body with a hash that fits it: the next row does not', async () => {
    const body = second.body.replace('key.revoked', 'key.created');
    const row = { body, action: 'key.created', hash: hashRow(second.prevHash, body) };
    await expectFault(edit(rows, 2, row), 3, 'wrong_link');
  });

  test.each([
    ['seq', { seq: 2 }, 'duplicated_row'],
    ['at', { at: third.at + 1 }, 'wrong_column'],
    ['actorType', { actorType: 'account' }, 'wrong_column'],
    ['actorId', { actorId: 'svc_b' }, 'wrong_column'],
    ['action', { action: 'key.created' }, 'wrong_column'],
    ['projectId', { projectId: null }, 'wrong_column'],
    ['subjectType', { subjectType: 'channel' }, 'wrong_column'],
    ['subjectId', { subjectId: 'key_x' }, 'wrong_column'],
    ['prevHash', { prevHash: first.hash }, 'wrong_link'],
    ['hash', { hash: first.hash }, 'wrong_hash'],
  ] satisfies [string, Partial<StoredLedgerRow>, ChainFault][])(
    'an edited %s',
    async (column, change, reason) => {
      const report = await check(edit(rows, 3, change));
      expect(report).toMatchObject({ holds: false, seq: column === 'seq' ? 2 : 3, reason });
      if (reason === 'wrong_column')
        expect(report).toHaveProperty('explanation', expect.stringContaining(column));
    },
  );

  test('an edited private part', async () => {
    const { salt, json } = part(first);
    const edited = { salt, json: json.replace('ana@', 'eve@') };
    await expectFault(edit(rows, 1, { private: edited }), 1, 'wrong_private_part');
  });

  test('the private part of another row', async () => {
    await expectFault(edit(rows, 1, { private: second.private }), 1, 'wrong_private_part');
  });

  test('bytes moved from the salt into the private part, which their hash does not show', async () => {
    const { salt, json } = part(first);
    const spaced = { salt: Buffer.concat([salt.subarray(0, 15), Buffer.from(' ')]), json };
    const body = first.body.replace(hashPrivate(salt, json), hashPrivate(spaced.salt, json));
    const row = { ...first, body, hash: hashRow(first.prevHash, body), private: spaced };
    expect(await check([row])).toMatchObject({ holds: true });
    const moved = { salt: spaced.salt.subarray(0, 15), json: ` ${json}` };
    expect(hashPrivate(moved.salt, moved.json)).toBe(hashPrivate(spaced.salt, json));
    await expectFault([{ ...row, private: moved }], 1, 'malformed_row');
  });

  test('a private part where the body has none', async () => {
    await expectFault(edit(rows, 3, { private: first.private }), 3, 'added_private_part');
  });

  test('removed rows: the first, one in the middle, several', async () => {
    await expectFault(rows.slice(1), 1, 'missing_rows');
    await expectFault(rows.toSpliced(2, 1), 3, 'missing_rows');
    const report = await check(rows.toSpliced(2, 2));
    expect(report).toMatchObject({ seq: 3, explanation: 'is missing, and so are all up to row 4' });
  });

  test('swapped rows', async () => {
    await expectFault([first, third, second, ...rows.slice(3)], 2, 'reordered_rows');
  });

  test('a row that is there twice, at once or later', async () => {
    await expectFault(rows.toSpliced(2, 0, second), 2, 'duplicated_row');
    await expectFault([...rows, first], 1, 'duplicated_row');
  });

  test('rows that were removed and the rest numbered anew', async () => {
    const renumbered = rows.toSpliced(1, 1).map((row, index) => ({ ...row, seq: index + 1 }));
    await expectFault(renumbered, 2, 'wrong_link');
  });
});

describe('tampering that only a head shows', () => {
  const rows = buildChain(6);
  const storedHead = headOf(rows);

  test('a removed last row', async () => {
    expect(await check(rows.slice(0, 5))).toMatchObject({ holds: true });
    await expectFault(rows.slice(0, 5), 6, 'cut_off', { storedHead });
    await expectFault(rows.slice(0, 5), 6, 'cut_off', { keptHead: storedHead });
    await expectFault([], 1, 'cut_off', { storedHead });
  });

  test('a head that was set back', async () => {
    await expectFault(rows, 5, 'wrong_stored_head', { storedHead: headOf(rows.slice(0, 4)) });
  });

  test('a stored head with another hash, or one that is no head at all', async () => {
    await expectFault(rows, 6, 'wrong_stored_head', { storedHead: { seq: 6, hash: Buffer.alloc(32) } });
    await expectFault(rows, 6, 'wrong_stored_head', { storedHead: { seq: 6, hash: null } as never });
  });

  test('rows and head set back together: the kept head shows it', async () => {
    const before = rows.slice(0, 3);
    expect(await check(before, { storedHead: headOf(before) })).toMatchObject({ holds: true });
    await expectFault(before, 4, 'cut_off', { storedHead: headOf(before), keptHead: storedHead });
  });

  test('a chain computed anew after an edit: the kept head shows it', async () => {
    const body = rows[2]?.body.replace('"reason":"r2"', '"reason":"x"') ?? '';
    const forged = rechain(edit(rows, 3, { body }));
    expect(await check(forged, { storedHead: headOf(forged) })).toMatchObject({ holds: true });
    await expectFault(forged, 6, 'wrong_kept_head', { storedHead: headOf(forged), keptHead: storedHead });
    await expectFault(forged, 4, 'wrong_kept_head', { keptHead: headOf(rows.slice(0, 4)) });
    expect(await check(forged, { keptHead: headOf(rows.slice(0, 2)) })).toMatchObject({ holds: true });
  });

  test('a kept head of row 0 that is not the beginning of any chain', async () => {
    await expectFault(rows, 1, 'wrong_kept_head', { keptHead: { seq: 0, hash: Buffer.alloc(32, 1) } });
    await expectFault([], 1, 'wrong_kept_head', { keptHead: { seq: 0, hash: Buffer.alloc(32, 1) } });
  });
});

describe('rows that are no rows', () => {
  const rows = buildChain(3);

  test.each([
    ['nothing at all', null],
    ['a text', 'row'],
    ['an empty object', {}],
    ['seq as text', { ...rows[1], seq: '2' }],
    ['seq of zero', { ...rows[1], seq: 0 }],
    ['a fraction of a seq', { ...rows[1], seq: 1.5 }],
    ['at as NaN', { ...rows[1], at: Number.NaN }],
    ['a hash that is null', { ...rows[1], hash: null }],
    ['a hash that is short', { ...rows[1], hash: Buffer.alloc(31) }],
    ['a hash as text', { ...rows[1], hash: rows[1]?.hash.toString('hex') }],
    ['a body that is null', { ...rows[1], body: null }],
    ['half a private part', { ...rows[1], private: { salt: Buffer.alloc(16), json: null } }],
    ['no private column', { ...rows[1], private: undefined }],
    ['a lone surrogate', { ...rows[1], body: `${rows[1]?.body}\ud800` }],
  ])('are reported: %s', async (_, row) => {
    await expectFault([rows[0], row, rows[2]] as StoredLedgerRow[], 2, 'malformed_row');
  });

  test.each(['', 'null', '[]', '{}', '{"seq":1', '"text"', '{"seq":2,"at":0,"actor":null}'])(
    'are reported: a rightly hashed body that is %j',
    async (body) => {
      await expectFault(rechain(edit(rows, 2, { body })), 2, 'unreadable_body');
    },
  );
});

test('the number of rows that hold stands before the fault', async () => {
  const rows = buildChain(6);
  expect(await check(edit(rows, 4, { actorId: 'x' }))).toMatchObject({ seq: 4, rows: 3 });
  expect(await check(rows.slice(1))).toMatchObject({ seq: 1, rows: 0 });
  expect(await check([...rows, ...rows])).toMatchObject({ seq: 1, rows: 0 });
});

test('what cannot be read at all is not reported as tampering', async () => {
  const unreadable = (async function* () {
    yield* buildChain(2);
    throw new Error('connection lost');
  })();
  await expect(checkChain(unreadable, {})).rejects.toThrow('connection lost');
});

test('any single change of any field of any row is found when the head is kept', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomChain,
      fc.nat(),
      fc.constantFrom(...fields),
      fc.infiniteStream(anything),
      async (rows, at, field, values) => {
        const index = at % rows.length;
        const row = rows[index] as StoredLedgerRow;
        const [value] = values.filter((candidate) => isChange(row, field, candidate)).take(1);
        const changed = rows.with(index, { ...row, [field]: value });
        const keptHead = headOf(rows);
        expect(await check(rows, { keptHead })).toMatchObject({ holds: true });
        expect(await check(changed, { keptHead })).toMatchObject({ holds: false });
      },
    ),
    { numRuns: 500 },
  );
});

const fields: (keyof StoredLedgerRow)[] = [
  ...(['seq', 'at', 'actorType', 'actorId', 'action', 'projectId'] as const),
  ...(['subjectType', 'subjectId', 'body', 'prevHash', 'hash', 'private'] as const),
];

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((array) => Buffer.from(array));
const anything = fc.oneof(
  fc.integer(),
  fc.string({ unit: 'binary' }),
  fc.constant(null),
  fc.constant(undefined),
  bytes(32),
  fc.record({ salt: bytes(16), json: fc.json() }),
  fc.anything(),
);

/** To take a private part away is the one change that is allowed: it erases a person. */
function isChange(row: StoredLedgerRow, field: keyof StoredLedgerRow, value: unknown): boolean {
  if (field === 'private' && value === null) return false;
  const before = row[field];
  if (before instanceof Buffer && value instanceof Uint8Array) return !before.equals(value);
  return !Object.is(before, value);
}

const randomChain = fc
  .array(
    fc.record<LedgerEntry>({
      action: fc.constantFrom('key.created', 'key.revoked', 'project.updated'),
      projectId: fc.option(fc.string()),
      subject: fc.record({
        type: fc.constant('key'),
        id: fc.string({ unit: 'grapheme' }),
        name: fc.option(fc.string()),
      }),
      detail: fc.dictionary(
        fc.string(),
        fc.oneof(fc.integer(), fc.string({ unit: 'grapheme' }), fc.constant(null)),
      ),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map(chainOf);

function check(rows: StoredLedgerRow[], expectations: ChainExpectations = {}) {
  return checkChain(stream(rows), expectations);
}

async function expectFault(
  rows: StoredLedgerRow[],
  seq: number,
  reason: ChainFault,
  expectations: ChainExpectations = {},
) {
  expect(await check(rows, expectations)).toMatchObject({ holds: false, seq, reason });
}

function edit(rows: StoredLedgerRow[], seq: number, change: Partial<StoredLedgerRow>): StoredLedgerRow[] {
  return rows.map((row) => (row.seq === seq ? { ...row, ...change } : row));
}

/** What somebody does who may write to the database: every hash anew. */
function rechain(rows: StoredLedgerRow[]): StoredLedgerRow[] {
  let head = genesis;
  return rows.map((row) => {
    const next = { ...row, prevHash: head.hash, hash: hashRow(head.hash, row.body) };
    head = next;
    return next;
  });
}

function headOf(rows: StoredLedgerRow[]): LedgerHead {
  const { seq, hash } = rows.at(-1) ?? genesis;
  return { seq, hash };
}

function part(row: StoredLedgerRow): NonNullable<StoredLedgerRow['private']> {
  if (row.private === null) throw new Error('no private part');
  return row.private;
}
