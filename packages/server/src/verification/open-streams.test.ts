import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followedRow } from '../testing/fake-ledger.ts';
import { OpenStreams } from './open-streams.ts';
import type { VerificationRecord } from './verification-record.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class Bench {
  now = 1000;
  /** What a stream's key is found to be when it is decided anew. */
  verdict: VerificationRecord | null | Error = null;
  rechecks = 0;
  readonly closed: string[] = [];
  readonly streams = new OpenStreams({
    clock: { now: () => this.now },
    recheck: async () => {
      this.rechecks++;
      if (this.verdict instanceof Error) throw this.verdict;
      return this.verdict;
    },
  });

  open(name: string, key: Partial<VerificationRecord> = {}, channelId = 'chn_1', isLate = false) {
    const stream = {
      key: {
        id: 'key_1',
        projectId: 'prj_1',
        expiresAt: null,
        retiresAt: null,
        ...key,
      } as VerificationRecord,
      hash: 'hash' as never,
      channelId,
      ip: null,
      scopesAt: () => [],
      close: () => void this.closed.push(name),
    };
    this.streams.add(stream, isLate);
    return stream;
  }

  apply(action: string, subjectType: string, subjectId: string): void {
    this.streams.apply(followedRow(1, { action, subjectType, subjectId }));
  }
}

test.each([
  ['key.revoked', 'key', 'key_1'],
  ['key.deactivated', 'key', 'key_1'],
  ['key.deleted', 'key', 'key_1'],
  ['channel.deleted', 'channel', 'chn_1'],
  ['project.deleted', 'project', 'prj_1'],
])('%s ends what it is about, before it returns, and nothing else', (action, type, id) => {
  const bench = new Bench();
  bench.open('mine');
  bench.open('mine too');
  bench.open('other', { id: 'key_2', projectId: 'prj_2' }, 'chn_2');
  bench.apply(action, type, id);
  expect(bench.closed).toEqual(['mine', 'mine too']);
  expect(bench.rechecks).toBe(0);
  expect(bench.streams.size).toBe(1);
});

test('after any other change the stream is decided anew, and goes on or ends', async () => {
  const bench = new Bench();
  const stream = bench.open('mine');
  const fresh = { ...stream.key, expiresAt: 5000 } as VerificationRecord;
  bench.verdict = fresh;
  bench.apply('key.updated', 'key', 'key_1');
  await vi.advanceTimersByTimeAsync(0);
  expect(bench.closed).toEqual([]);
  expect(stream.key).toBe(fresh);
  bench.verdict = null;
  bench.apply('channel.updated', 'channel', 'chn_1');
  await vi.advanceTimersByTimeAsync(0);
  expect(bench.closed).toEqual(['mine']);
});

test('who cannot tell whether it may go on ends it', async () => {
  const bench = new Bench();
  bench.open('mine');
  bench.verdict = new Error('the database does not answer');
  bench.streams.clear();
  await vi.advanceTimersByTimeAsync(0);
  expect(bench.closed).toEqual(['mine']);
});

test('a key that expires, or a secret that retires, ends its streams within a second', () => {
  const bench = new Bench();
  bench.open('expires', { id: 'key_1', expiresAt: 2000 });
  bench.open('retires', { id: 'key_2', retiresAt: 3000 });
  bench.open('stays', { id: 'key_3' });
  bench.now = 2000;
  vi.advanceTimersByTime(1000);
  expect(bench.closed).toEqual(['expires']);
  bench.now = 3000;
  vi.advanceTimersByTime(1000);
  expect(bench.closed).toEqual(['expires', 'retires']);
});

test('what was decided upon a while ago is decided anew when it is added', async () => {
  const bench = new Bench();
  bench.open('late', {}, 'chn_1', true);
  await vi.advanceTimersByTimeAsync(0);
  expect([bench.rechecks, bench.closed]).toEqual([1, ['late']]);
});

test('what has ended is forgotten, and nothing ticks for nothing', () => {
  const bench = new Bench();
  const stream = bench.open('mine');
  bench.streams.remove(stream);
  bench.streams.remove(stream);
  bench.apply('key.revoked', 'key', 'key_1');
  expect(bench.closed).toEqual([]);
  expect(bench.streams.size).toBe(0);
  vi.advanceTimersByTime(1000);
  expect(vi.getTimerCount()).toBe(0);
  bench.open('again');
  expect(vi.getTimerCount()).toBe(1);
  bench.streams.stop();
  expect(vi.getTimerCount()).toBe(0);
});
