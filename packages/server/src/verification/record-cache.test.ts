import { describe, expect, test } from 'vitest';
import { hashSecret } from '../keys/secret-format.ts';
import { Bench } from '../testing/record-cache-bench.ts';
import { isSettled, turns } from '../testing/turns.ts';

describe('a lookup', () => {
  test('loads once and then answers from memory, at once', async () => {
    const bench = new Bench();
    const hash = bench.addKey({ id: 'key_1' });
    const asked = bench.cache.get(hash);
    expect(asked).toBeInstanceOf(Promise);
    const record = await asked;
    expect(record?.id).toBe('key_1');
    expect(bench.cache.get(hash)).toBe(record);
    expect(bench.loads).toBe(1);
    expect(bench.cache.statistics).toEqual({ hits: 1, absences: 0, loads: 1 });
    expect(bench.cache.size).toBe(1);
  });

  test('remembers what is not there as well, and apart', async () => {
    const bench = new Bench();
    const hash = hashSecret('made up');
    expect(await bench.get(hash)).toBeNull();
    expect(bench.cache.get(hash)).toBeNull();
    expect(bench.loads).toBe(1);
    expect(bench.cache.statistics).toEqual({ hits: 0, absences: 1, loads: 1 });
    expect(bench.cache.size).toBe(0);
  });

  test('that misses shares one query with all that miss in the same turn', async () => {
    const bench = new Bench();
    const hashes = ['key_1', 'key_2', 'key_3'].map((id) => bench.addKey({ id }));
    const asked = [...hashes, ...hashes, hashSecret('made up')].map((hash) => bench.get(hash));
    expect(bench.loads).toBe(0);
    const records = await Promise.all(asked);
    expect(records.map((record) => record?.id)).toEqual([
      ...['key_1', 'key_2', 'key_3'],
      ...['key_1', 'key_2', 'key_3'],
      undefined,
    ]);
    expect(bench.store.reads.list().map(({ asked: list }) => list)).toEqual([
      [...hashes, hashSecret('made up')],
    ]);
  });

  test('is in exactly one query, also when so many miss in a turn that one would be too large', async () => {
    const bench = new Bench();
    const hashes = Array.from({ length: 1000 }, (_, i) => bench.addKey({ id: `key_${i}` }));
    const records = await Promise.all(hashes.map((hash) => bench.get(hash)));
    expect(records.map((record) => record?.hash)).toEqual(hashes);
    const asked = bench.store.reads.list().map((read) => read.asked);
    expect(asked.flat()).toEqual(hashes);
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  test('shares a load of its key that was sent already', async () => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    const hash = bench.addKey();
    const first = bench.get(hash);
    await turns();
    const second = bench.get(hash);
    await turns();
    expect(bench.loads).toBe(1);
    bench.store.reads.last().pass();
    expect(await second).toBe(await first);
  });
});

describe('memory', () => {
  test('keeps its records when a flood of made-up keys comes', async () => {
    const bench = new Bench({ capacity: 10, absenceCapacity: 10 });
    const hashes = ['key_1', 'key_2', 'key_3', 'key_4'].map((id) => bench.addKey({ id }));
    for (const hash of hashes) await bench.warm(hash);
    for (let batch = 0; batch < 20; batch++) {
      await Promise.all(Array.from({ length: 50 }, (_, i) => bench.get(hashSecret(`flood ${batch} ${i}`))));
    }
    const before = bench.loads;
    for (const hash of hashes) expect(bench.cache.get(hash)).not.toBeInstanceOf(Promise);
    expect(bench.loads).toBe(before);
    expect(bench.cache.size).toBe(4);
  });

  test('never holds more records than it may', async () => {
    const bench = new Bench({ capacity: 8 });
    const hashes = Array.from({ length: 40 }, (_, i) => bench.addKey({ id: `key_${i}` }));
    for (const hash of [...hashes, ...hashes]) {
      await bench.get(hash);
      for (const known of hashes.slice(0, 10)) await bench.get(known);
      expect(bench.cache.size).toBeLessThanOrEqual(8);
    }
  });
});

describe('a row of the ledger', () => {
  test.each([
    ['of its key', 'key', 'key_1'],
    ['of its project', 'project', 'prj_1'],
    ['of its channel', 'channel', 'chn_1'],
  ])('%s drops a record', async (_, subjectType, subjectId) => {
    const bench = new Bench();
    const hash = bench.addKey({ id: 'key_1', channelId: 'chn_1' });
    await bench.warm(hash);
    bench.store.changeKey('key_1', { status: 'revoked' });
    bench.apply('something.changed', subjectId, subjectType);
    expect((await bench.get(hash))?.status).toBe('revoked');
    expect(bench.loads).toBe(2);
  });

  test.each([
    ['of another key', 'key', 'key_2'],
    ['of another project', 'project', 'prj_2'],
    ['of another channel', 'channel', 'chn_2'],
    ['about something else of the same id', 'service_key', 'key_1'],
  ])('%s drops nothing', async (_, subjectType, subjectId) => {
    const bench = new Bench();
    const hash = bench.addKey({ id: 'key_1', channelId: 'chn_1' });
    await bench.warm(hash);
    bench.apply('something.changed', subjectId, subjectType);
    expect(bench.cache.get(hash)).not.toBeInstanceOf(Promise);
  });

  test('drops the records of both secrets of a key', async () => {
    const bench = new Bench();
    const [current, previous] = [bench.addKey(), bench.addKey({ retiresAt: 1 })];
    await bench.warm(previous);
    await bench.warm(current);
    bench.store.changeKey('key_1', { status: 'revoked' });
    bench.apply('key.revoked', 'key_1');
    const records = await Promise.all([bench.get(current), bench.get(previous)]);
    expect(records.map((record) => record?.status)).toEqual(['revoked', 'revoked']);
  });

  test('drops a record again that was loaded again after the first row', async () => {
    const bench = new Bench();
    const hash = bench.addKey({ channelId: 'chn_1' });
    for (const status of ['inactive', 'active', 'revoked'] as const) {
      await bench.warm(hash);
      bench.store.changeKey('key_1', { status });
      bench.apply('channel.updated', 'chn_1', 'channel');
      expect((await bench.get(hash))?.status).toBe(status);
    }
  });

  test.each([
    ['its key', 'key', 'key_1'],
    ['its project', 'project', 'prj_1'],
    ['its channel', 'channel', 'chn_1'],
  ])(
    'about %s makes a load in flight load again, and is not kept from before',
    async (_, subjectType, subjectId) => {
      const bench = new Bench();
      bench.store.reads.pace = 'held';
      const hash = bench.addKey({ id: 'key_1', channelId: 'chn_1' });
      const asked = bench.get(hash);
      await turns();
      const stale = bench.store.reads.last();
      bench.store.changeKey('key_1', { status: 'revoked' });
      bench.apply('something.changed', subjectId, subjectType);
      stale.pass();
      expect(await isSettled(asked)).toBe(false);
      expect(bench.cache.size).toBe(0);
      expect(bench.loads).toBe(2);
      bench.store.reads.last().pass();
      expect((await asked)?.status).toBe('revoked');
      expect(bench.cache.get(hash)).toEqual(expect.objectContaining({ status: 'revoked' }));
    },
  );

  test('about another key lets a load in flight answer and be kept', async () => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    const hash = bench.addKey({ id: 'key_1' });
    const asked = bench.get(hash);
    await turns();
    bench.apply('key.revoked', 'key_2');
    bench.store.reads.last().pass();
    expect((await asked)?.id).toBe('key_1');
    expect(bench.cache.get(hash)).not.toBeInstanceOf(Promise);
    expect(bench.loads).toBe(1);
  });

  test('detaches a load in flight: who asks later starts a new one and does not wait for the old', async () => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    const hash = bench.addKey();
    const before = bench.get(hash);
    await turns();
    const old = bench.store.reads.last();
    bench.store.changeKey('key_1', { status: 'revoked' });
    bench.apply('key.revoked', 'key_1');
    const after = bench.get(hash);
    await turns();
    expect(bench.loads).toBe(2);
    bench.store.reads.last().pass();
    expect((await after)?.status).toBe('revoked');
    expect(await isSettled(before)).toBe(false);
    // The late end of the old load changes nothing of what is known by now.
    old.pass();
    await turns();
    bench.store.reads.last().pass();
    expect((await before)?.status).toBe('revoked');
    expect(bench.cache.get(hash)).toEqual(expect.objectContaining({ status: 'revoked' }));
  });

  test('that comes between a request and the sending of its load is no reason to load twice', async () => {
    const bench = new Bench();
    const hash = bench.addKey();
    const asked = bench.get(hash);
    bench.store.changeKey('key_1', { status: 'revoked' });
    bench.apply('key.revoked', 'key_1');
    expect((await asked)?.status).toBe('revoked');
    expect(bench.loads).toBe(1);
  });

  test('that was applied while the others had to be forgotten makes every load load again', async () => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    const hash = bench.addKey();
    const asked = bench.get(hash);
    await turns();
    bench.store.changeKey('key_1', { status: 'revoked' });
    bench.apply('key.revoked', 'key_1');
    // So many others that the first one is forgotten.
    for (let other = 0; other < 5000; other++) bench.apply('key.updated', `other_${other}`);
    bench.store.reads.last().pass();
    expect(await isSettled(asked)).toBe(false);
    bench.store.reads.last().pass();
    expect((await asked)?.status).toBe('revoked');
  });
});

describe('what was not found', () => {
  test.each(['key.created', 'key.rotated'])('does not outlive %s', async (action) => {
    const bench = new Bench();
    const hash = hashSecret('new');
    expect(await bench.get(hash)).toBeNull();
    bench.addKey({ id: 'key_1', hash });
    bench.apply(action, 'key_1');
    expect((await bench.get(hash))?.id).toBe('key_1');
  });

  test.each(['key.created', 'key.rotated'])('does not outlive %s during its read', async (action) => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    const hash = hashSecret('new');
    const asked = bench.get(hash);
    await turns();
    const early = bench.store.reads.last();
    bench.addKey({ id: 'key_1', hash });
    bench.apply(action, 'key_1');
    early.pass();
    await turns();
    bench.store.reads.last().pass();
    expect((await asked)?.id).toBe('key_1');
    expect(bench.cache.get(hash)).toEqual(expect.objectContaining({ id: 'key_1' }));
  });

  test('does not outlive a secret that was issued during its read and is applied after it', async () => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    const hash = hashSecret('new');
    const asked = bench.get(hash);
    await turns();
    bench.addKey({ id: 'key_1', hash });
    bench.store.reads.last().pass();
    expect(await asked).toBeNull();
    bench.apply('key.created', 'key_1');
    bench.store.reads.pace = 'soon';
    expect((await bench.get(hash))?.id).toBe('key_1');
  });

  test('stays known through every other row', async () => {
    const bench = new Bench();
    const hash = hashSecret('made up');
    bench.apply('key.created', 'key_1');
    expect(await bench.get(hash)).toBeNull();
    for (const action of ['key.updated', 'key.revoked', 'key.deleted']) bench.apply(action, 'key_1');
    bench.apply('service_key.created', 'svc_1', 'service_key');
    expect(bench.cache.get(hash)).toBeNull();
    expect(bench.loads).toBe(1);
  });
});

describe('when everything is forgotten', () => {
  test('records and absences are gone', async () => {
    const bench = new Bench();
    const hash = bench.addKey();
    await bench.warm(hash);
    expect(await bench.get(hashSecret('made up'))).toBeNull();
    bench.cache.clear();
    expect(bench.cache.size).toBe(0);
    expect(bench.cache.get(hash)).toBeInstanceOf(Promise);
    expect(bench.cache.get(hashSecret('made up'))).toBeInstanceOf(Promise);
    await turns();
  });

  test.each([
    ['a key', true],
    ['an absence', false],
  ])('a load of %s in flight loads again, and is not joined', async (_, exists) => {
    const bench = new Bench();
    bench.appliedSeq = 100;
    bench.store.reads.pace = 'held';
    const hash = exists ? bench.addKey() : hashSecret('made up');
    const before = bench.get(hash);
    await turns();
    const old = bench.store.reads.last();
    bench.cache.clear();
    // The ledger that is followed from now on may be shorter.
    bench.appliedSeq = 3;
    const after = bench.get(hash);
    await turns();
    expect(bench.loads).toBe(2);
    bench.store.reads.last().pass();
    await after;
    old.pass();
    expect(await isSettled(before)).toBe(false);
    expect(bench.loads).toBe(3);
    bench.store.reads.last().pass();
    expect((await before)?.id).toBe(exists ? 'key_1' : undefined);
  });

  test('rows of a shorter ledger count from its own numbers', async () => {
    const bench = new Bench();
    bench.appliedSeq = 100;
    const hash = bench.addKey();
    await bench.warm(hash);
    bench.apply('key.created', 'key_9');
    bench.apply('key.updated', 'key_1');
    bench.cache.clear();
    bench.appliedSeq = 3;
    await bench.warm(hash);
    await bench.warm(hashSecret('made up'));
    expect(bench.loads).toBe(3);
    bench.store.changeKey('key_1', { status: 'revoked' });
    bench.apply('key.revoked', 'key_1');
    expect((await bench.get(hash))?.status).toBe('revoked');
  });
});

describe('past the fence', () => {
  test('nothing is read from memory', async () => {
    const bench = new Bench();
    const hash = bench.addKey();
    await bench.warm(hash);
    expect(await bench.get(hashSecret('made up'))).toBeNull();
    bench.isOpen = false;
    bench.store.changeKey('key_1', { status: 'revoked' });
    expect((await bench.get(hash))?.status).toBe('revoked');
    bench.addKey({ id: 'key_2', hash: hashSecret('made up') });
    expect((await bench.get(hashSecret('made up')))?.id).toBe('key_2');
  });

  test('nothing is put into memory', async () => {
    const bench = new Bench();
    const hash = bench.addKey();
    bench.isOpen = false;
    await bench.get(hash);
    await bench.get(hashSecret('made up'));
    expect(bench.cache.size).toBe(0);
    bench.isOpen = true;
    expect(bench.cache.get(hash)).toBeInstanceOf(Promise);
    expect(bench.cache.get(hashSecret('made up'))).toBeInstanceOf(Promise);
    await turns();
  });

  test.each([
    ['opens during it', false],
    ['closes during it', true],
  ])('a load is answered and not kept when the fence %s', async (_, isOpenBefore) => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    const hash = bench.addKey();
    bench.isOpen = isOpenBefore;
    const asked = [bench.get(hash), bench.get(hashSecret('made up'))];
    await turns();
    bench.isOpen = !isOpenBefore;
    bench.store.reads.last().pass();
    const [record, absence] = await Promise.all(asked);
    expect([record?.id, absence]).toEqual(['key_1', null]);
    bench.isOpen = true;
    expect(bench.cache.size).toBe(0);
    expect(bench.cache.get(hashSecret('made up'))).toBeInstanceOf(Promise);
  });

  test('requests of two turns make two loads, also for one key', async () => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    bench.isOpen = false;
    const hash = bench.addKey();
    const first = bench.get(hash);
    await turns();
    bench.store.changeKey('key_1', { status: 'revoked' });
    const second = bench.get(hash);
    await turns();
    expect(bench.loads).toBe(2);
    for (const read of bench.store.reads.list()) read.pass();
    expect([(await first)?.status, (await second)?.status]).toEqual(['active', 'revoked']);
  });

  test('a load that was sent before it closed is not joined', async () => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    const hash = bench.addKey();
    const first = bench.get(hash);
    await turns();
    bench.isOpen = false;
    bench.store.changeKey('key_1', { status: 'revoked' });
    const second = bench.get(hash);
    await turns();
    expect(bench.loads).toBe(2);
    for (const read of bench.store.reads.list()) read.pass();
    expect((await second)?.status).toBe('revoked');
    await first;
  });

  test('a load that was sent while it was closed is not joined once it is open', async () => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    bench.isOpen = false;
    const hash = bench.addKey();
    const first = bench.get(hash);
    await turns();
    bench.isOpen = true;
    const second = bench.get(hash);
    await turns();
    expect(bench.loads).toBe(2);
    for (const read of bench.store.reads.list()) read.pass();
    await Promise.all([first, second]);
  });

  test('the misses of one turn are still one query', async () => {
    const bench = new Bench();
    bench.isOpen = false;
    const hashes = ['key_1', 'key_2'].map((id) => bench.addKey({ id }));
    await Promise.all([...hashes, ...hashes].map((hash) => bench.get(hash)));
    expect(bench.store.reads.list().map(({ asked }) => asked)).toEqual([hashes]);
  });

  test('a load that a row overtook loads again', async () => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    bench.isOpen = false;
    const hash = bench.addKey();
    const asked = bench.get(hash);
    await turns();
    const stale = bench.store.reads.last();
    bench.store.changeKey('key_1', { status: 'revoked' });
    bench.apply('key.revoked', 'key_1');
    stale.pass();
    await turns();
    bench.store.reads.last().pass();
    expect((await asked)?.status).toBe('revoked');
  });
});

describe('when the database fails', () => {
  test.each(['at once', 'soon'] as const)(
    'all who wait learn of it, %s, and the next request loads again',
    async (pace) => {
      const bench = new Bench();
      bench.store.reads.pace = pace;
      bench.store.reads.failure = new Error('gone');
      const hash = bench.addKey();
      const asked = [bench.get(hash), bench.get(hash), bench.get(hashSecret('made up'))];
      const outcomes = await Promise.allSettled(asked);
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
      expect(bench.loads).toBe(1);
      bench.store.reads.failure = null;
      expect((await bench.get(hash))?.id).toBe('key_1');
      expect(await bench.get(hashSecret('made up'))).toBeNull();
    },
  );

  test('those learn of it who joined a load in flight; who comes later does not', async () => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    const hash = bench.addKey();
    const first = bench.get(hash);
    await turns();
    const second = bench.get(hash);
    bench.store.reads.last().fail(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await expect(second).rejects.toThrow('gone');
    const third = bench.get(hash);
    await turns();
    bench.store.reads.last().pass();
    expect((await third)?.id).toBe('key_1');
  });

  test('while it loads again for a row, who waited learns of it', async () => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    const hash = bench.addKey();
    const asked = bench.get(hash);
    await turns();
    bench.apply('key.revoked', 'key_1');
    bench.store.reads.last().pass();
    await turns();
    bench.store.reads.last().fail(new Error('gone'));
    await expect(asked).rejects.toThrow('gone');
  });

  test('a load that failed does not end one that was started in the meantime', async () => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    const hash = bench.addKey();
    const first = bench.get(hash);
    await turns();
    const old = bench.store.reads.last();
    bench.apply('key.updated', 'key_1');
    const second = bench.get(hash);
    await turns();
    old.fail(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    const third = bench.get(hash);
    await turns();
    expect(bench.loads).toBe(2);
    bench.store.reads.last().pass();
    expect(await third).toBe(await second);
  });

  test.each(['at once', 'soon'] as const)('a row that makes no record fails alone, %s', async (pace) => {
    const bench = new Bench();
    bench.store.reads.pace = pace;
    const spoilt = bench.addKey({ id: 'key_1', ipAllow: ['not an address'] });
    const sound = bench.addKey({ id: 'key_2' });
    const asked = [bench.get(spoilt), bench.get(sound), bench.get(hashSecret('made up'))];
    const outcomes = Promise.allSettled(asked);
    expect(await isSettled(outcomes)).toBe(true);
    const [first, second, third] = await outcomes;
    expect(first?.status).toBe('rejected');
    expect(second).toEqual({ status: 'fulfilled', value: expect.objectContaining({ id: 'key_2' }) });
    expect(third).toEqual({ status: 'fulfilled', value: null });
  });
});
