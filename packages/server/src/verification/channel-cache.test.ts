import { defaultChannelGateway } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { followedRow } from '../testing/fake-ledger.ts';
import { FakeVerificationStore } from '../testing/fake-verification-store.ts';
import { isSettled, turns } from '../testing/turns.ts';
import { ChannelCache } from './channel-cache.ts';
import type { LoadedChannel } from './verification-store.ts';

class Bench {
  readonly store = new FakeVerificationStore();
  isOpen = true;
  appliedSeq = 0;
  readonly cache = new ChannelCache({
    load: (idOrSlug) => this.store.loadChannel(idOrSlug),
    fence: { isOpen: () => this.isOpen },
    appliedSeq: () => this.appliedSeq,
  });

  constructor() {
    this.store.channels = [{ id: 'chn_1', projectId: 'prj_1', slug: 'orders' }];
  }

  /** The channel's slug is now another one. */
  rename(slug: string): void {
    this.store.channels = [{ id: 'chn_1', projectId: 'prj_1', slug }];
  }

  apply(subjectType: string, subjectId: string): void {
    const row = followedRow(this.appliedSeq + 1, {
      action: `${subjectType}.updated`,
      subjectType,
      subjectId,
    });
    this.cache.apply(row);
    this.appliedSeq = row.seq;
  }

  get(idOrSlug: string): Promise<LoadedChannel | null> {
    return Promise.resolve(this.cache.get(idOrSlug));
  }

  get loads(): number {
    return this.store.reads.list().length;
  }
}

test('a channel is loaded once for its id and once for its slug, and then known at once', async () => {
  const bench = new Bench();
  const orders = {
    id: 'chn_1',
    projectId: 'prj_1',
    slug: 'orders',
    upstream: null,
    gateway: defaultChannelGateway,
  };
  for (let time = 0; time < 3; time++) {
    expect(bench.cache.get('chn_1')).toEqual(orders);
    expect(bench.cache.get('orders')).toEqual(orders);
  }
  // What is made ready for a channel hangs on the object.
  expect(bench.cache.get('orders')).toBe(bench.cache.get('orders'));
  expect(bench.loads).toBe(2);
});

test('a store that takes its time is waited for, and then the channel is known at once', async () => {
  const bench = new Bench();
  bench.store.reads.pace = 'soon';
  expect(bench.cache.get('orders')).toBeInstanceOf(Promise);
  expect(await bench.get('orders')).toEqual(expect.objectContaining({ id: 'chn_1' }));
  expect(bench.cache.get('orders')).not.toBeInstanceOf(Promise);
});

test('a channel that does not exist is asked for every time, since no memory would end with its creation', async () => {
  const bench = new Bench();
  expect(bench.cache.get('users')).toBeNull();
  bench.store.channels.push({ id: 'chn_2', projectId: 'prj_1', slug: 'users' });
  expect(bench.cache.get('users')).toEqual(expect.objectContaining({ id: 'chn_2' }));
});

test.each(['channel', 'project'])('a row about a %s forgets them all', (subjectType) => {
  const bench = new Bench();
  for (const name of ['chn_1', 'orders']) bench.cache.get(name);
  bench.rename('users');
  bench.apply(subjectType, 'another');
  expect(bench.cache.get('orders')).toBeNull();
  expect(bench.cache.get('chn_1')).toEqual(expect.objectContaining({ slug: 'users' }));
});

test.each(['key', 'service_key'])('a row about a %s forgets nothing', (subjectType) => {
  const bench = new Bench();
  bench.cache.get('orders');
  bench.apply(subjectType, 'chn_1');
  bench.cache.get('orders');
  expect(bench.loads).toBe(1);
});

describe('a load in flight', () => {
  test('that a row overtakes loads again, and is not kept from before', async () => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    const asked = bench.get('orders');
    const stale = bench.store.reads.last();
    bench.store.channels = [];
    bench.apply('channel', 'chn_1');
    stale.pass();
    expect(await isSettled(asked)).toBe(false);
    expect(bench.loads).toBe(2);
    bench.store.reads.last().pass();
    expect(await asked).toBeNull();
  });

  test('is not joined by who asks later', async () => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    const before = bench.get('orders');
    const old = bench.store.reads.last();
    bench.store.channels = [];
    bench.apply('channel', 'chn_1');
    const after = bench.get('orders');
    bench.store.reads.last().pass();
    expect(await after).toBeNull();
    old.pass();
    await turns();
    bench.store.reads.last().pass();
    expect(await before).toBeNull();
    bench.store.reads.pace = 'at once';
    expect(bench.cache.get('orders')).toBeNull();
  });

  test('loads again when everything was forgotten', async () => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    const asked = bench.get('orders');
    bench.cache.clear();
    bench.store.reads.last().pass();
    expect(await isSettled(asked)).toBe(false);
    bench.store.reads.last().pass();
    expect((await asked)?.id).toBe('chn_1');
    expect(bench.loads).toBe(2);
  });

  test('ends, also when the ledger is followed from a lower number than before', async () => {
    const bench = new Bench();
    bench.appliedSeq = 100;
    bench.apply('channel', 'chn_1');
    bench.cache.clear();
    bench.appliedSeq = 3;
    bench.store.reads.pace = 'held';
    const asked = bench.get('orders');
    bench.store.reads.last().pass();
    expect(await isSettled(asked)).toBe(true);
    expect(bench.loads).toBe(1);
    // And the rows of that ledger count.
    const next = bench.get('users');
    bench.apply('channel', 'chn_2');
    bench.store.reads.last().pass();
    expect(await isSettled(next)).toBe(false);
    bench.store.reads.last().pass();
    expect(await next).toBeNull();
  });
});

test('everything is gone when it is forgotten', () => {
  const bench = new Bench();
  bench.cache.get('orders');
  bench.store.channels = [];
  bench.cache.clear();
  expect(bench.cache.get('orders')).toBeNull();
});

describe('past the fence', () => {
  test('nothing is read from memory, nor put into it', () => {
    const bench = new Bench();
    bench.cache.get('orders');
    bench.isOpen = false;
    bench.rename('users');
    expect(bench.cache.get('orders')).toBeNull();
    expect(bench.cache.get('users')).toEqual(expect.objectContaining({ id: 'chn_1' }));
    bench.isOpen = true;
    bench.cache.get('users');
    expect(bench.loads).toBe(4);
  });

  test.each([
    ['opens during it', false],
    ['closes during it', true],
  ])('a load is answered and not kept when the fence %s', async (_, isOpenBefore) => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    bench.isOpen = isOpenBefore;
    const asked = bench.get('orders');
    bench.isOpen = !isOpenBefore;
    bench.store.reads.last().pass();
    expect((await asked)?.id).toBe('chn_1');
    bench.isOpen = true;
    bench.store.reads.pace = 'at once';
    bench.cache.get('orders');
    expect(bench.loads).toBe(2);
  });
});

test.each(['at once', 'soon'] as const)('a failure of the database %s is not kept', async (pace) => {
  const bench = new Bench();
  bench.store.reads.pace = pace;
  bench.store.reads.failure = new Error('gone');
  await expect(async () => bench.cache.get('orders')).rejects.toThrow('gone');
  bench.store.reads.failure = null;
  expect((await bench.get('orders'))?.id).toBe('chn_1');
});

test('holds no more than it may', async () => {
  const bench = new Bench();
  bench.store.loadChannel = (slug) => ({
    id: `chn_${slug}`,
    projectId: 'prj_1',
    slug,
    upstream: null,
    gateway: defaultChannelGateway,
  });
  for (let number = 0; number < 10_001; number++) bench.cache.get(`slug-${number}`);
  bench.store.loadChannel = () => null;
  const known = Array.from({ length: 10_001 }, (_, number) => bench.cache.get(`slug-${number}`)).filter(
    (channel) => channel !== null,
  );
  expect(known.length).toBeLessThanOrEqual(10_000);
  expect(known.at(-1)).toEqual(expect.objectContaining({ slug: 'slug-10000' }));
});
