import { expect, test, vi } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { turns } from '../testing/turns.ts';
import { UsageUpkeep } from '../usage/usage-upkeep.ts';
import type { Stores } from './context.ts';
import { Upkeep, type UpkeepOptions } from './upkeep.ts';

const log = { info() {}, warn() {} };

/** Starts it by this clock, and answers how many transactions it made at once and after an hour. */
async function transactions(clock: FakeClock, create: (options: UpkeepOptions) => { start(): void }) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    let count = 0;
    // Nothing is there that could be deleted, whatever is asked for.
    const stores = new Proxy({} as Stores, {
      get: () => new Proxy({}, { get: () => async () => 0 }),
    });
    const transaction: UpkeepOptions['transaction'] = (run) => {
      count++;
      return run(stores);
    };
    create({ transaction, clock, log }).start();
    await turns(10);
    const atOnce = count;
    clock.settled = true;
    await vi.advanceTimersByTimeAsync(3_600_000);
    return { atOnce, later: count };
  } finally {
    vi.useRealTimers();
  }
}

test.each([
  [
    'what is kept no longer',
    (options: UpkeepOptions) => new Upkeep(options, { what: 'things', forget: async () => 0 }),
  ],
  ['usage', (options: UpkeepOptions) => new UsageUpkeep({ ...options, log })],
])('%s is not forgotten by a clock that was just set, but afterwards', async (_, create) => {
  const clock = new FakeClock();
  expect((await transactions(clock, create)).atOnce).toBeGreaterThan(0);
  clock.settled = false;
  const { atOnce, later } = await transactions(clock, create);
  expect(atOnce).toBe(0);
  expect(later).toBeGreaterThan(0);
});
