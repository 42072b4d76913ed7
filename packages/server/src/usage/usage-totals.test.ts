import { describe, expect, test } from 'vitest';
import { plainRecord as record } from '../testing/plain-record.ts';
import { minuteOf, UsageCounter } from '../verification/usage-counter.ts';
import type { VerificationRecord } from '../verification/verification-record.ts';
import { resolutions, type UsageAddition } from './usage-store.ts';
import { UsageTotals } from './usage-totals.ts';

const { minute, hour, day } = resolutions;
const start = Date.UTC(2027, 0, 31);
const censor = (text: string) => text.replace('hush', '[secret]');

/** A counter that was used so often at a time. */
function used(
  key: VerificationRecord,
  count: number,
  at = start,
  ip: string | null = null,
  agent: string | null = null,
) {
  const counter = new UsageCounter(key, minuteOf(at));
  for (let i = 0; i < count; i++) counter.countUse(at, ip, agent);
  return counter;
}

function add(totals: UsageTotals, ...counters: UsageCounter[]): void {
  totals.add({ counters, serviceKeyUses: new Map() });
}

/** All that was cut, with each count as `subject code resolution +time: count`. */
function flat(additions: UsageAddition[]) {
  const counts = additions.flatMap((addition) => addition.counts);
  const name = (ms: number) => ({ [minute]: 'minute', [hour]: 'hour', [day]: 'day' })[ms];
  return Object.fromEntries(
    counts.map(({ subject, resolution, at, code, count }) => {
      const who =
        subject.type === 'secret'
          ? subject.keyId
          : `${subject.projectId}${subject.isFormer ? ' former' : ''}`;
      return [`${who} ${code} ${name(resolution)} +${(at - start) / minute}`, count];
    }),
  );
}

describe('counts', () => {
  test('add up by secret, minute and code, and for the project, whose secrets are told apart by what they are now', () => {
    const totals = new UsageTotals({ censor });
    const refused = used(record('a'), 0);
    refused.countRefusal('expired', start);
    refused.countRefusal('expired', start + 5);
    add(
      totals,
      used(record('a'), 2),
      used(record('a'), 3),
      refused,
      used(record('b', { retiresAt: start }), 4),
    );
    add(totals, used(record('a'), 1, start + minute));
    expect(flat([...totals.cut()])).toEqual({
      'key_a valid minute +0': 5,
      'key_a valid minute +1': 1,
      'key_a expired minute +0': 2,
      'key_b valid minute +0': 4,
      'prj_1 valid minute +0': 5,
      'prj_1 valid minute +1': 1,
      'prj_1 expired minute +0': 2,
      'prj_1 former valid minute +0': 4,
    });
    expect(totals.isEmpty).toBe(true);
    expect([...totals.cut()]).toEqual([]);
  });

  test('when there are too many become hours, then days, and only then what is new is dropped', () => {
    const totals = new UsageTotals({ censor, maxSize: 12 });
    const [a, b, c] = ['a', 'b', 'c'].map((name) => record(name));
    if (!a || !b || !c) throw new Error('there are three');
    for (let i = 0; i < 200; i++) add(totals, used(a, 1, start + i * minute), used(b, 1, start + i * minute));
    expect(totals.dropped).toBe(0);
    // Within one reading there is no time to make room.
    const many = Array.from({ length: 20 }, (_, i) => used(record(`new${i}`), 3, start + 201 * minute));
    add(totals, ...many);
    expect(totals.dropped).toBeGreaterThan(0);
    const sums = new Map<string, number>();
    for (const [name, count] of Object.entries(flat([...totals.cut()]))) {
      const [who = ''] = name.split(' ');
      sums.set(who, (sums.get(who) ?? 0) + count);
    }
    expect([sums.get('key_a'), sums.get('key_b')]).toEqual([200, 200]);
    expect(sums.get('prj_1')).toBe(400 + 60 - totals.dropped);
    add(totals, used(c, 1));
    expect(flat([...totals.cut()])).toMatchObject({ 'key_c valid minute +0': 1 });
  });

  test('keep the time of the last one when they become coarser', () => {
    const totals = new UsageTotals({ censor, maxSize: 1 });
    for (const at of [start, start + 30 * minute, start + 90 * minute])
      add(totals, used(record('a'), 1, at + 7));
    add(totals);
    const [addition] = totals.cut();
    expect(
      addition?.counts.map(({ at, resolution, count, lastAt }) => [at, resolution, count, lastAt]),
    ).toEqual([
      [start, day, 3, start + 90 * minute + 7],
      [start, day, 3, start + 90 * minute + 7],
    ]);
  });
});

test('what was handed over can be added again: together it is the same as if it had never been', () => {
  const readings = [
    [used(record('a'), 2, start, '10.0.0.1', 'curl'), used(record('b'), 1, start + minute, '10.0.0.2')],
    [used(record('b'), 3, start + minute, '10.0.0.3'), used(record('a'), 4, start + 9, '10.0.0.1', 'curl')],
    [used(record('c'), 0), used(record('a', { retiresAt: start }), 5, start + 2)],
  ];
  readings[2]?.[0]?.countRefusal('revoked', start);
  const uses = [5, 7, 6].map((at) => new Map([['svc_1', start + at]]));
  const [whole, again] = [new UsageTotals({ censor }), new UsageTotals({ censor })];
  for (const [i, counters] of readings.entries()) {
    const part = new UsageTotals({ censor });
    for (const totals of [whole, part]) totals.add({ counters, serviceKeyUses: uses[i] ?? new Map() });
    for (const addition of part.cut()) again.addAgain(addition);
  }
  expect(again.size).toBe(whole.size);
  const [expected] = whole.cut();
  expect(expected?.serviceKeyUses).toEqual([{ id: 'svc_1', at: start + 6 }]);
  expect([...again.cut()]).toEqual([{ ...expected, serviceKeyUses: [{ id: 'svc_1', at: start + 7 }] }]);
});

describe('last uses and origins', () => {
  test('are the last of a key, however the readings come', () => {
    const totals = new UsageTotals({ censor });
    add(
      totals,
      used(record('a'), 1, start + 5, '10.0.0.2', 'late'),
      used(record('a'), 1, start, '10.0.0.1', 'early'),
    );
    const [addition] = totals.cut();
    expect(addition?.keyUses).toEqual([
      { keyId: 'key_a', projectId: 'prj_1', at: start + 5, ip: '10.0.0.2', userAgent: 'late' },
    ]);
    expect(addition?.origins).toEqual(
      ['key_a', 'prj_1'].flatMap((subjectId) => [
        { subjectId, ip: '10.0.0.2', userAgent: 'late', lastAt: start + 5, count: 1 },
        { subjectId, ip: '10.0.0.1', userAgent: 'early', lastAt: start, count: 1 },
      ]),
    );
  });

  test('are sixteen at most for a key and for a project: those seen last', () => {
    const totals = new UsageTotals({ censor });
    for (let i = 0; i < 40; i++) add(totals, used(record(`${i % 2}`), 1, start + i, `10.0.0.${i}`));
    const origins = [...totals.cut()].flatMap((addition) => addition.origins);
    const lasts = (id: string) =>
      origins
        .filter(({ subjectId }) => subjectId === id)
        .map(({ lastAt }) => lastAt - start)
        .sort((a, b) => a - b);
    expect(lasts('key_0')).toEqual(Array.from({ length: 16 }, (_, i) => 8 + 2 * i));
    expect(lasts('prj_1')).toEqual(Array.from({ length: 16 }, (_, i) => 24 + i));
  });

  test('hold no secrets, no control characters, and are not long', () => {
    const totals = new UsageTotals({ censor });
    const agents = [
      'app hu\u0000sh',
      'a\u202eb\r\nc\ud800',
      'x'.repeat(1000),
      `${'y'.repeat(298)}hush`,
      ' \u0007 ',
    ];
    for (const [i, agent] of agents.entries())
      add(totals, used(record('a'), 1, start + i, '10.0.0.1', agent));
    const [addition] = totals.cut();
    const own = addition?.origins.filter(({ subjectId }) => subjectId === 'key_a');
    expect(own?.map(({ userAgent }) => userAgent)).toEqual([
      'app [secret]',
      'abc\ufffd',
      'x'.repeat(300),
      `${'y'.repeat(298)}[s`,
      null,
    ]);
  });
});

test('an agent of which nothing is left is no origin', () => {
  const totals = new UsageTotals({ censor });
  add(totals, used(record('a'), 1, start, null, ''), used(record('a'), 1, start, null, ' \u0007'));
  const [addition] = totals.cut();
  expect(addition?.origins).toEqual([]);
  expect(addition?.keyUses).toMatchObject([{ ip: null, userAgent: null }]);
});

test('what is cut is in parts of a few hundred rows, ordered by key, and nothing is in two of them', () => {
  const totals = new UsageTotals({ censor });
  const names = Array.from({ length: 1000 }, (_, i) => String(i).padStart(4, '0'));
  add(totals, ...names.toReversed().map((name) => used(record(name), 1, start, '10.0.0.1')));
  totals.add({ counters: [], serviceKeyUses: new Map([['svc_1', start]]) });
  const additions = [...totals.cut()];
  expect(additions.length).toBeGreaterThan(4);
  for (const { counts, keyUses, origins } of additions) {
    expect(counts.length + keyUses.length + origins.length).toBeLessThan(270);
  }
  const keys = additions.flatMap(({ keyUses }) => keyUses.map(({ keyId }) => keyId));
  expect(keys).toEqual(names.map((name) => `key_${name}`));
  expect(additions.flatMap(({ serviceKeyUses }) => serviceKeyUses)).toEqual([{ id: 'svc_1', at: start }]);
  expect(Object.values(flat(additions)).reduce((sum, count) => sum + count, 0)).toBe(2000);
});
