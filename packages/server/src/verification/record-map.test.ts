import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashSecret, type SecretHash } from '../keys/secret-format.ts';
import { CachedRecord, type Group } from './cached-record.ts';
import { AbsenceMap, RecordMap } from './record-map.ts';

interface Place {
  project?: Group | null;
  channel?: Group | null;
}

function hashOf(name: string): SecretHash {
  return hashSecret(name);
}

function record(
  id: string,
  secret: string | number = 1,
  { project = null, channel = null }: Place = {},
): CachedRecord {
  return new CachedRecord({ hash: hashOf(`${id}/${secret}`), id, project, channel });
}

describe('a record', () => {
  test('is found by the hash of its secret, and by no other', () => {
    const map = new RecordMap<CachedRecord>(10);
    const added = record('a');
    map.add(added);
    expect(map.get(added.hash)).toBe(added);
    expect(map.get(hashOf('b/1'))).toBeUndefined();
    expect(map.size).toBe(1);
  });

  test('is not found by a hash that differs in one byte, wherever', () => {
    for (let place = 0; place < 32; place++) {
      const map = new RecordMap<CachedRecord>(10);
      const added = record('a');
      map.add(added);
      const changed = String.fromCharCode(added.hash.charCodeAt(place) ^ 0x81);
      const other = `${added.hash.slice(0, place)}${changed}${added.hash.slice(place + 1)}` as SecretHash;
      expect(map.get(other)).toBeUndefined();
      map.add(new CachedRecord({ hash: other, id: 'b', project: null, channel: null }));
      expect([map.get(added.hash)?.id, map.get(other)?.id]).toEqual(['a', 'b']);
    }
  });

  test('tells the hash that it was made with', () => {
    fc.assert(
      fc.property(fc.string(), (secret) => {
        expect(record(secret).hash).toBe(hashOf(`${secret}/1`));
      }),
    );
  });

  test('is the latest that was added for its hash', () => {
    const map = new RecordMap<CachedRecord>(10);
    const [first, second] = [record('a'), record('a')];
    map.add(first);
    map.add(second);
    expect(map.get(first.hash)).toBe(second);
    expect(map.size).toBe(1);
    map.drop('a');
    expect(map.get(first.hash)).toBeUndefined();
  });

  test('is gone after everything was cleared', () => {
    const map = new RecordMap<CachedRecord>(4);
    const records = ['a', 'b', 'c'].map((id) => record(id));
    for (const each of records) map.add(each);
    map.clear();
    expect(records.map(({ hash }) => map.get(hash))).toEqual([undefined, undefined, undefined]);
    expect(map.size).toBe(0);
  });

  test('is gone with its project, and with its channel, and takes its siblings along', () => {
    for (const place of ['project', 'channel'] as const) {
      const map = new RecordMap<CachedRecord>(10);
      const group: Group = { id: 'group', isDropped: false };
      const [current, previous] = [record('a', 1, { [place]: group }), record('a', 2, { [place]: group })];
      const other = record('b', 1, { [place]: { id: 'other', isDropped: false } });
      for (const each of [current, previous, other]) map.add(each);
      group.isDropped = true;
      expect(map.get(previous.hash)).toBeUndefined();
      expect(map.get(current.hash)).toBeUndefined();
      expect(map.get(other.hash)).toBe(other);
      expect(map.size).toBe(1);
    }
  });
});

describe('two secrets of one key', () => {
  test.each(['current', 'previous'])('go together when the key is dropped, the %s one added last', (last) => {
    const map = new RecordMap<CachedRecord>(10);
    const [current, previous] = [record('a', 'current'), record('a', 'previous')];
    for (const each of last === 'current' ? [previous, current] : [current, previous]) map.add(each);
    expect([map.get(current.hash), map.get(previous.hash)]).toEqual([current, previous]);
    map.drop('a');
    expect([map.get(current.hash), map.get(previous.hash)]).toEqual([undefined, undefined]);
    expect(map.size).toBe(0);
  });

  test('go together, whatever other keys have the same place in memory', () => {
    const map = new RecordMap<CachedRecord>(64);
    // There are twice as many chains as records, so that many of these share one.
    const ids = Array.from({ length: 32 }, (_, i) => `key ${i}`);
    const records = ids.flatMap((id) => [record(id, 'current'), record(id, 'previous')]);
    for (const each of records) map.add(each);
    expect(map.size).toBe(64);
    for (const [index, id] of ids.entries()) {
      map.drop(id);
      expect(map.size).toBe(62 - 2 * index);
      for (const each of records)
        expect(map.get(each.hash)).toBe(ids.indexOf(each.id) > index ? each : undefined);
    }
  });
});

describe('the bound', () => {
  test('leaves all that fits, for as long as nothing else comes', () => {
    const map = new RecordMap<CachedRecord>(20);
    const records = Array.from({ length: 20 }, (_, i) => record(`key ${i}`));
    for (const each of records) map.add(each);
    for (let round = 0; round < 100; round++)
      for (const each of records) expect(map.get(each.hash)).toBe(each);
    expect(map.size).toBe(20);
  });

  test('leaves all when there are many, and finds and drops each of them', () => {
    const map = new RecordMap<CachedRecord>(20_000);
    const records = Array.from({ length: 20_000 }, (_, i) => record(`key ${i}`));
    for (const each of records) map.add(each);
    expect(records.every((each) => map.get(each.hash) === each)).toBe(true);
    for (const each of records.slice(0, 15_000)) map.drop(each.id);
    expect(records.map((each) => map.get(each.hash) === each).indexOf(true)).toBe(15_000);
    expect(map.size).toBe(5000);
  });

  test('makes room for one by forgetting one, which was not asked for', () => {
    const map = new RecordMap<CachedRecord>(20);
    const records = Array.from({ length: 20 }, (_, i) => record(`key ${i}`));
    for (const each of records) map.add(each);
    for (let round = 0; round < 50; round++) {
      for (const each of records.slice(0, 9)) expect(map.get(each.hash)).toBe(each);
      map.add(record(`new ${round}`));
      expect(map.size).toBe(20);
    }
  });

  test('holds when all records are asked for all the time', () => {
    const capacity = 20;
    const map = new RecordMap<CachedRecord>(capacity);
    const records = Array.from({ length: 500 }, (_, i) => record(`key ${i}`));
    for (const added of records) {
      map.add(added);
      for (const each of records) map.get(each.hash);
      expect(map.size).toBeLessThanOrEqual(capacity);
    }
  });

  test('holds for one key with more secrets than fit', () => {
    const map = new RecordMap<CachedRecord>(10);
    for (let secret = 0; secret < 100; secret++) {
      map.add(record('a', secret));
      expect(map.size).toBeLessThanOrEqual(10);
    }
    map.drop('a');
    expect(map.size).toBe(0);
  });

  test('leaves what was used last: as many as half of it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 12 }),
        fc.array(fc.nat(20), { maxLength: 200, size: 'max' }),
        (capacity, uses) => {
          const map = new RecordMap<CachedRecord>(capacity);
          const latest: number[] = [];
          for (const use of uses) {
            const hash = hashOf(`${use}/1`);
            const place = latest.indexOf(use);
            const isExpected = place >= 0 && place < Math.floor(capacity / 2);
            const found = map.get(hash);
            if (isExpected) expect(found).toBeDefined();
            if (found === undefined) map.add(record(String(use)));
            if (place >= 0) latest.splice(place, 1);
            latest.unshift(use);
          }
        },
      ),
    );
  });
});

/** What can happen to a map: few keys, secrets and groups, so that they meet often. */
type Step =
  | { type: 'add'; key: number; secret: number; project: number; channel: number | null }
  | { type: 'get'; key: number; secret: number }
  | { type: 'drop'; key: number }
  | { type: 'drop group'; group: number }
  | { type: 'clear' };

const keys = fc.nat(5);
const secretsOfKey = fc.nat(2);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        type: fc.constant('add' as const),
        key: keys,
        secret: secretsOfKey,
        project: fc.nat(1),
        channel: fc.option(fc.integer({ min: 2, max: 3 })),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({ type: fc.constant('get' as const), key: keys, secret: secretsOfKey }),
    },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('drop' as const), key: keys }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('drop group' as const), group: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.constant({ type: 'clear' as const }) },
  ),
  { maxLength: 80, size: 'max' },
);

test('never answers what was dropped or replaced, and never holds more than it may', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), steps, (capacity, taken) => {
      const map = new RecordMap<CachedRecord>(capacity);
      /** What a map without a bound would hold. */
      const model = new Map<SecretHash, CachedRecord>();
      const groups = Array.from(
        { length: 4 },
        (_, index): Group => ({ id: `group ${index}`, isDropped: false }),
      );
      const forget = (isStale: (kept: CachedRecord) => boolean) => {
        for (const [hash, kept] of model) if (isStale(kept)) model.delete(hash);
      };
      for (const step of taken) {
        if (step.type === 'add') {
          const [project, channel] = [
            groups[step.project] ?? null,
            step.channel === null ? null : (groups[step.channel] ?? null),
          ];
          const added = record(`key ${step.key}`, step.secret, { project, channel });
          map.add(added);
          model.set(added.hash, added);
        } else if (step.type === 'get') {
          const hash = hashOf(`key ${step.key}/${step.secret}`);
          const found = map.get(hash);
          if (found !== undefined) expect(found).toBe(model.get(hash));
        } else if (step.type === 'drop') {
          map.drop(`key ${step.key}`);
          forget(({ id }) => id === `key ${step.key}`);
        } else if (step.type === 'drop group') {
          const group = groups[step.group];
          if (group !== undefined) group.isDropped = true;
          groups[step.group] = { id: `group ${step.group}`, isDropped: false };
          forget(({ project, channel }) => project === group || channel === group);
        } else {
          map.clear();
          model.clear();
        }
        expect(map.size).toBeLessThanOrEqual(capacity);
      }
      for (let key = 0; key < 6; key++) {
        for (let secret = 0; secret < 3; secret++) {
          const hash = hashOf(`key ${key}/${secret}`);
          const found = map.get(hash);
          if (found !== undefined) expect(found).toBe(model.get(hash));
        }
      }
    }),
    { numRuns: 500 },
  );
});

describe('absences', () => {
  test('tell as of when nothing was found, the latest time', () => {
    const absences = new AbsenceMap(4);
    expect(absences.get(hashOf('a'))).toBeUndefined();
    absences.add(hashOf('a'), 3);
    expect(absences.get(hashOf('a'))).toBe(3);
    for (const other of ['b', 'c']) absences.add(hashOf(other), 4);
    absences.add(hashOf('a'), 7);
    expect(absences.get(hashOf('a'))).toBe(7);
    absences.clear();
    expect(['a', 'b', 'c'].map((name) => absences.get(hashOf(name)))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('are bounded, forget the oldest and are never wrong', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.nat(30), { maxLength: 100, size: 'max' }),
        (capacity, added) => {
          const absences = new AbsenceMap(capacity);
          const model = new Map<string, number>();
          added.forEach((name, seq) => {
            absences.add(hashOf(String(name)), seq);
            model.set(String(name), seq);
          });
          const known = [...model].filter(([name, seq]) => {
            const found = absences.get(hashOf(name));
            if (found !== undefined) expect(found).toBe(seq);
            return found !== undefined;
          });
          expect(known.length).toBeLessThanOrEqual(capacity);
          const latest = [...model].sort(([, a], [, b]) => b - a).slice(0, Math.floor(capacity / 2));
          expect(known).toEqual(expect.arrayContaining(latest));
        },
      ),
    );
  });
});
