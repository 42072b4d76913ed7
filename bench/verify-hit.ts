import { hash } from 'node:crypto';
import { type Comparison, compare } from './measure.ts';
import { caller, openSqliteWorkshop } from './workshop.ts';

/** `verify()` in process, its keys in memory, against the one SHA-256 that it cannot do without. */
export async function benchVerifyHit(rounds: number, keyCount: number): Promise<Comparison[]> {
  const workshop = await openSqliteWorkshop();
  try {
    const { meter: verifier } = workshop.engine;
    const secrets = shuffle(await workshop.createKeys(keyCount));
    const requests = secrets.map((key) => ({ key }));
    await Promise.all(requests.map((request) => verifier.verify(request, caller)));
    const perCall = (run: (index: number) => void) => {
      const start = performance.now();
      for (let i = 0; i < calls; i++) run(i % keyCount);
      return ((performance.now() - start) / calls) * 1000;
    };
    const row = await compare(
      {
        name: `verify() in process, hit among ${keyCount.toLocaleString('en')} keys`,
        unit: 'µs',
        againstName: 'crypto.hash of the same 64 characters',
        goal: { atMost: 2.2 },
        ours: () => perCall((index) => verifyOne(requests[index] ?? { key: '' })),
        against: () => perCall((index) => void hash('sha256', requests[index]?.key ?? '')),
      },
      rounds,
    );
    return [row];

    function verifyOne(request: { key: string }): void {
      const verdict = verifier.verify(request, caller);
      if (verdict instanceof Promise || verdict.code !== 'valid')
        throw new Error('this should have been a hit');
    }
  } finally {
    await workshop.close();
  }
}

const calls = 500_000;

function shuffle<T>(list: T[]): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [list[i], list[j]] = [list[j] as T, list[i] as T];
  }
  return list;
}
