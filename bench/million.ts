import { PerformanceObserver, performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SystemClock } from '../packages/server/src/domain/clock.ts';
import type { SecretHash } from '../packages/server/src/keys/secret-format.ts';
import { hashSecret } from '../packages/server/src/keys/secret-format.ts';
import { fromKeyRow } from '../packages/server/src/storage/point-queries.ts';
import { Limiter } from '../packages/server/src/verification/limiter.ts';
import { UsageMeter } from '../packages/server/src/verification/usage-meter.ts';
import { MemoryVerifier } from '../packages/server/src/verification/verify.ts';
import { madeUpSecret } from './made-up-keys.ts';
import { type Comparison, compare } from './measure.ts';
import { madeUpRow } from './memory.ts';
import { asSent, caller } from './workshop.ts';

const few = 1000;
/** Between two readings of the meter, as many as a server answers in a second. */
const perReading = 25_000;
/** So many counters are taken in at once, as a server does it. */
const perTurn = 500;

/** `verify()` of keys that are all in memory, a great many against a thousand: its slow ones, and its pauses. */
export async function benchMillion(rounds: number, count: number, calls: number): Promise<Comparison[]> {
  const [small, large] = [await fill(few), await fill(count)];
  const among = `among ${few.toLocaleString('en')}`;
  const row = (name: string, measure: (filled: Filled) => Promise<number>, goal: { atMost: number }) =>
    compare(
      {
        name: `${name} ${count.toLocaleString('en')} keys in memory`,
        unit: 'µs',
        againstName: among,
        goal,
        ours: () => measure(large),
        against: () => measure(small),
      },
      rounds,
    );
  return [
    await row('verify(), median,', (filled) => quantile(filled, calls, 0.5), { atMost: 1.5 }),
    await row('verify(), 99th percentile,', (filled) => quantile(filled, calls, 0.99), { atMost: 1.5 }),
    await compare(
      {
        name: `longest pause of the garbage collector while verifying, ${count.toLocaleString('en')} keys in memory`,
        unit: 'ms',
        againstName: among,
        goal: { atMostInAll: 10 },
        ours: () => longestPause(large, calls),
        against: () => longestPause(small, calls),
      },
      rounds,
    ),
  ];
}

interface Filled {
  secrets: string[];
  meter: UsageMeter;
}

/** The verifier of the service, whose database knows these keys alone and answers at once. */
async function fill(count: number): Promise<Filled> {
  const indexes = new Map<SecretHash, number>();
  const clock = new SystemClock();
  const fence = { isOpen: (wall = clock.wall()) => wall > 0 && clock.monotonic() > 0 };
  const verifier = new MemoryVerifier({
    store: {
      loadKeys: (hashes) => hashes.map((hash) => fromKeyRow(madeUpRow(indexes.get(hash) ?? 0, count))),
      loadServiceKeys: () => [],
      hasImports: () => false,
      loadChannel: () => null,
    },
    fence,
    clock,
    appliedSeq: () => 0,
    limiter: new Limiter({
      clock,
      fence,
      bank: { reserve: () => Promise.reject(new Error('no key has a quota')), giveBack: async () => {} },
      onLost() {},
    }),
  });
  const meter = new UsageMeter({ verifier, clock });
  const secrets: string[] = [];
  for (let start = 0; start < count; start += few) {
    const portion = Array.from({ length: Math.min(few, count - start) }, (_, i) => {
      const key = madeUpSecret(start + i);
      indexes.set(hashSecret(key), start + i);
      return key;
    });
    await Promise.all(portion.map((key) => meter.verify({ key }, caller)));
    indexes.clear();
    secrets.push(...portion);
    readAll(meter);
  }
  return { secrets, meter };
}

/** Of single calls all over the keys: on a busy machine, few enough of them are interrupted not to be seen. */
async function quantile(filled: Filled, calls: number, share: number): Promise<number> {
  // Filled, so that it is not the first touch of its pages that is measured: here that takes ten times a verification.
  const times = new Float64Array(calls).fill(1);
  let count = 0;
  await verifyAll(filled, calls, 1, (ms) => {
    times[count++] = ms * 1000;
  });
  return times.sort()[Math.floor(calls * share)] ?? Number.NaN;
}

async function longestPause(filled: Filled, calls: number): Promise<number> {
  let longest = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  });
  observer.observe({ entryTypes: ['gc'] });
  await verifyAll(filled, calls, 1000, () => {});
  await nextTurn();
  observer.disconnect();
  return longest;
}

async function verifyAll(
  { secrets, meter }: Filled,
  calls: number,
  batch: number,
  tell: (ms: number) => void,
): Promise<void> {
  let at = 0;
  const batched: { key: string }[] = [];
  for (let done = 0; done < calls; done += batch) {
    for (let i = 0; i < batch; i++) {
      at = (at + 7919) % secrets.length;
      batched[i] = { key: asSent(secrets[at] as string) };
    }
    const start = performance.now();
    for (const request of batched) {
      const verdict = meter.verify(request, caller);
      if (verdict instanceof Promise || verdict.key === null) throw new Error('this should have been a hit');
    }
    tell(performance.now() - start);
    if (done % perReading !== 0) continue;
    readAll(meter);
    await nextTurn();
  }
}

function readAll(meter: UsageMeter): void {
  while (meter.unread > 0) meter.read(perTurn);
}
