import type { VerifyBody } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import type { ServiceKeyCaller } from '../domain/caller.ts';
import { generateSecret } from '../keys/secret-format.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { followedRow } from '../testing/fake-ledger.ts';
import { FakeQuotaBank } from '../testing/fake-quota-bank.ts';
import { FakeVerificationStore } from '../testing/fake-verification-store.ts';
import { turns } from '../testing/turns.ts';
import { Limiter } from './limiter.ts';
import type { UsageCounter } from './usage-counter.ts';
import { UsageMeter } from './usage-meter.ts';
import { MemoryVerifier, type VerificationAbout } from './verify.ts';

const caller: ServiceKeyCaller = {
  type: 'service_key',
  id: 'svc_1',
  name: 'gateway',
  projectId: null,
  scopes: new Set(['verify']),
};
const about: VerificationAbout = { requestId: 'req_1', door: 'verify' };

class Bench {
  readonly store = new FakeVerificationStore();
  readonly clock = new FakeClock();
  appliedSeq = 0;
  readonly verifier = new MemoryVerifier({
    store: this.store,
    fence: { isOpen: () => true },
    clock: this.clock,
    appliedSeq: () => this.appliedSeq,
    limiter: new Limiter({
      clock: this.clock,
      fence: { isOpen: () => true },
      bank: new FakeQuotaBank(),
      onLost() {},
    }),
  });
  readonly meter = new UsageMeter({ verifier: this.verifier, clock: this.clock, maxRefusals: 4 });

  ask(request: VerifyBody, { by = caller, of = about as VerificationAbout | undefined } = {}) {
    return Promise.resolve(this.meter.verify(request, by, of));
  }
}

/** What a counter holds, as plain values. */
function told(counter: UsageCounter) {
  const { record, minute, useCount, lastUsedAt, ip, userAgent } = counter;
  const refused = Object.fromEntries(counter.refusals().map(({ code, ...tally }) => [code, tally]));
  return { keyId: record.id, minute, useCount, lastUsedAt, ip, userAgent, refused };
}

describe('counting', () => {
  test('adds up what was asked of a secret, on a miss and on hits, and starts anew after a reading', async () => {
    const { store, clock, meter, ask } = bind(new Bench());
    const key = store.addKey({ id: 'key_a' });
    const minute = clock.now();
    for (let i = 0; i < 5; i++) {
      clock.pass(10);
      expect(await ask({ key })).toMatchObject({ code: 'valid' });
    }
    clock.pass(10);
    await ask({ key, scopes: ['none'] });
    const uses = { keyId: 'key_a', minute, useCount: 5, lastUsedAt: minute + 50, ip: null, userAgent: null };
    const refused = { insufficient_scope: { count: 1, lastAt: minute + 60 } };
    expect(meter.read().counters.map(told)).toEqual([{ ...uses, refused }]);
    expect(meter.read().counters).toEqual([]);
    await ask({ key });
    expect(meter.read().counters.map(told)).toMatchObject([{ useCount: 1, refused: {} }]);
  });

  test('keeps minutes apart', async () => {
    const { store, clock, meter, ask } = bind(new Bench());
    const key = store.addKey();
    const start = clock.now();
    await ask({ key });
    clock.pass(59_999);
    await ask({ key });
    clock.pass(1);
    await ask({ key });
    clock.setWall(-60_000);
    await ask({ key });
    const counters = meter.read().counters.map(({ minute, useCount }) => [minute, useCount]);
    expect(counters).toEqual([
      [start, 2],
      [start + 60_000, 1],
      [start, 1],
    ]);
  });

  test('loses nothing when a row of the ledger drops the record, nor when it counts on the next one', async () => {
    const bench = new Bench();
    const { store, verifier, meter, ask } = bind(bench);
    const key = store.addKey({ id: 'key_a' });
    await ask({ key });
    verifier.apply(followedRow(1, { action: 'key.updated', subjectType: 'key', subjectId: 'key_a' }));
    bench.appliedSeq = 1;
    await ask({ key });
    await ask({ key });
    expect(meter.read().counters.map(({ useCount }) => useCount)).toEqual([1, 2]);
  });

  test('does not count what could not be told', async () => {
    const { store, meter, ask } = bind(new Bench());
    const key = store.addKey();
    expect(() => meter.verify({ key, channel: 'unknown' }, caller, about)).toThrow();
    store.reads.failure = new Error('away');
    await expect(ask({ key })).rejects.toThrow('away');
    expect(meter.read()).toMatchObject({ counters: [], refusals: [] });
  });

  test('answers at once when memory knows', async () => {
    const { store, meter, ask } = bind(new Bench());
    const key = store.addKey();
    await ask({ key });
    expect(meter.verify({ key }, caller, about)).not.toBeInstanceOf(Promise);
  });
});

describe('origins', () => {
  test('are told with their counts; what names neither address nor agent has none', async () => {
    const { store, clock, meter, ask } = bind(new Bench());
    const key = store.addKey();
    const [a, b] = [{ ip: '10.0.0.1', userAgent: 'curl' }, { ip: '10.0.0.2' }];
    const start = clock.now();
    for (const origin of [a, a, b, {}, a, b, b]) {
      clock.pass(1);
      await ask({ key, ...origin });
    }
    const [counter] = meter.read().counters;
    expect(counter?.origins()).toEqual([
      { ip: '10.0.0.1', userAgent: 'curl', count: 3, lastAt: start + 5 },
      { ip: '10.0.0.2', userAgent: null, count: 3, lastAt: start + 7 },
    ]);
    expect(counter).toMatchObject({ useCount: 7, ip: '10.0.0.2', userAgent: null });
  });

  test('are sixteen at most, the last ones', async () => {
    const { store, meter, ask } = bind(new Bench());
    const key = store.addKey();
    for (let i = 0; i < 100; i++) await ask({ key, ip: `10.0.0.${i}` });
    const ips = meter.read().counters.flatMap((counter) => counter.origins().map(({ ip }) => ip));
    expect(ips).toEqual(Array.from({ length: 16 }, (_, i) => `10.0.0.${84 + i}`));
  });

  test('of refused requests are not told: they are no use of the key', async () => {
    const { store, meter, ask } = bind(new Bench());
    const key = store.addKey({ status: 'inactive' });
    await ask({ key, ip: '10.0.0.1' });
    const [counter] = meter.read().counters;
    expect(counter?.origins()).toEqual([]);
    expect(counter).toMatchObject({ useCount: 0, ip: null });
  });
});

describe('refusals', () => {
  test('are kept with what was asked, and nothing of the secret', async () => {
    const { store, clock, meter, ask } = bind(new Bench());
    const key = store.addKey({ id: 'key_a', projectId: 'prj_a', status: 'revoked' });
    store.channels = [{ id: 'chn_1', projectId: 'prj_a', slug: 'maps' }];
    const question = { channel: 'maps', scopes: ['a', 'b'], ip: '10.0.0.1', userAgent: 'curl', cost: 3 };
    await ask({ key, ...question });
    const kept = { requestId: 'req_1', door: 'verify', at: clock.now(), code: 'revoked' };
    const { refusals } = meter.read();
    expect(refusals).toEqual([{ ...kept, projectId: 'prj_a', keyId: 'key_a', ...question, request: null }]);
    expect(JSON.stringify(refusals)).not.toContain(key.slice(4, 20));
  });

  test('hold no secret that a client wrote where it does not belong', async () => {
    const { store, meter, ask } = bind(new Bench());
    const refused = store.addKey({ id: 'key_a', status: 'revoked' });
    const good = store.addKey({ id: 'key_b' });
    for (const key of [refused, good, 'an-imported-key']) {
      await ask({ key, userAgent: `curl ${key}` });
      await ask({ key }, { of: { requestId: `x${key}`, door: 'verify' } });
    }
    const { counters, refusals } = meter.read();
    expect(refusals.map(({ requestId, userAgent }) => [requestId, userAgent])).toEqual([
      ['req_1', null],
      ['req_1', null],
    ]);
    expect(counters.map(({ userAgent }) => userAgent)).toEqual([null, null]);
    const request = { method: 'GET', path: '/v1/an-imported-key/an-imported-key' };
    await ask({ key: 'an-imported-key' }, { of: { requestId: 'req_2', door: 'gateway', request } });
    await ask({ key: 'v1' }, { of: { requestId: 'req_3', door: 'gateway', request } });
    expect(meter.read().refusals.map((refusal) => refusal.request)).toEqual([
      { method: 'GET', path: '/v1/[secret]/[secret]' },
      request,
    ]);
    // A letter or two are no secret, and in many a text.
    for (const key of ['', 'r']) await ask({ key, userAgent: 'curl' });
    expect(meter.read().refusals).toMatchObject([{ userAgent: 'curl' }, { userAgent: 'curl' }]);
  });

  test('where no key was found are the asking service key’s project’s', async () => {
    const { meter, ask } = bind(new Bench());
    await ask({ key: 'nonsense' });
    await ask({ key: generateSecret('kw').reveal() }, { by: { ...caller, projectId: 'prj_b' } });
    const asked = { keyId: null, channel: null, scopes: [], ip: null, userAgent: null, cost: null };
    expect(meter.read()).toMatchObject({
      counters: [],
      refusals: [
        { code: 'malformed', projectId: null, ...asked },
        { code: 'not_found', projectId: 'prj_b', ...asked },
      ],
    });
  });

  test('are the last ones when there are too many, the oldest first', async () => {
    const { meter, ask } = bind(new Bench());
    for (const count of [3, 4, 5, 10, 8]) {
      for (let i = 0; i < count; i++)
        await ask({ key: 'x' }, { of: { requestId: String(i), door: 'verify' } });
      const { refusals, refusalsDropped } = meter.read();
      const all = Array.from({ length: count }, (_, i) => String(i));
      expect(refusals.map(({ requestId }) => requestId)).toEqual(all.slice(-4));
      expect(refusalsDropped).toBe(Math.max(0, count - 4));
    }
  });
});

test('what is read in parts is counted once, whatever is asked in between', async () => {
  const { store, clock, meter, ask } = bind(new Bench());
  const keys = ['a', 'b', 'c', 'd'].map((name) => store.addKey({ id: `key_${name}` }));
  const all = () => Promise.all(keys.map((key) => ask({ key })));
  const sums: Record<string, number> = {};
  const read = (atMost?: number) => {
    const { counters } = meter.read(atMost);
    for (const { record, useCount } of counters) sums[record.id] = (sums[record.id] ?? 0) + useCount;
    return counters.map(({ record }) => record.id);
  };
  await all();
  expect(meter.unread).toBe(4);
  expect(read(3)).toEqual(['key_a', 'key_b', 'key_c']);
  expect(meter.unread).toBe(1);
  await all();
  clock.pass(60_000);
  await all();
  expect(meter.unread).toBe(8);
  expect(read(2)).toEqual(['key_d', 'key_a']);
  expect(read(5)).toEqual(['key_b', 'key_c', 'key_a', 'key_b', 'key_c']);
  expect(read()).toEqual(['key_d']);
  expect(meter.unread).toBe(0);
  expect(sums).toEqual({ key_a: 3, key_b: 3, key_c: 3, key_d: 3 });
});

test('service keys are told with when they were used last', () => {
  const { clock, meter } = new Bench();
  meter.countServiceKey(caller);
  clock.pass(5);
  meter.countServiceKey(caller);
  expect(meter.read().serviceKeyUses).toEqual(new Map([['svc_1', clock.now()]]));
  expect(meter.read().serviceKeyUses.size).toBe(0);
});

test('concurrent misses of one key are counted each', async () => {
  const { store, meter, ask } = bind(new Bench());
  const key = store.addKey();
  const answers = Promise.all(Array.from({ length: 10 }, () => ask({ key })));
  await turns(3);
  await answers;
  const counts = meter.read().counters.map(({ useCount }) => useCount);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(10);
});

function bind(bench: Bench) {
  const { store, clock, verifier, meter } = bench;
  return { store, clock, verifier, meter, ask: bench.ask.bind(bench) };
}
