import { expect, test } from 'vitest';
import type { Stores } from '../domain/context.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { plainRecord } from '../testing/plain-record.ts';
import { UsageMeter } from '../verification/usage-meter.ts';
import type { VerificationRecord } from '../verification/verification-record.ts';
import { UsageJournal } from './usage-journal.ts';
import type { UsageAddition } from './usage-store.ts';
import { UsageWriter } from './usage-writer.ts';

test('one flush writes all that was counted until then, in parts between which others have their turn', async () => {
  const clock = new FakeClock();
  const records = Array.from({ length: 901 }, (_, index) => plainRecord(String(index)));
  let next = 0;
  const verify = () => {
    const key = records[next++] as VerificationRecord;
    return { code: 'valid' as const, key, limits: [], retryAfterSeconds: null };
  };
  const meter = new UsageMeter({ verifier: { verify }, clock });
  const caller = { projectId: null };
  for (const _ of records) meter.verify({ key: '' }, caller);

  const added: UsageAddition[] = [];
  const usage = {
    claimBatch: async () => true,
    add: async (addition: UsageAddition) => void added.push(addition),
    keep: async () => {},
  };
  const stores = { usage, refusals: { insert: async () => {} } } as unknown as Stores;
  const silent = { info() {}, warn() {}, error() {} };
  const transaction = <T>(run: (stores: Stores) => Promise<T>) => run(stores);
  const writing = { transaction, clock, node: 'a', log: silent };
  const journal = new UsageJournal(writing);
  const writer = new UsageWriter({ ...writing, meter, journal, censor: (text) => text });
  const unreadAtTurn: number[] = [];
  setImmediate(() => unreadAtTurn.push(meter.unread));
  expect(await writer.flush()).toBe(true);
  expect(unreadAtTurn).toEqual([401]);
  const keys = added.flatMap(({ keyUses }) => keyUses.map(({ keyId }) => keyId));
  expect(new Set(keys).size).toBe(901);
  expect(keys).toHaveLength(901);
  expect(meter.unread).toBe(0);
});
