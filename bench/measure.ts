import { setTimeout as nextTurn } from 'node:timers/promises';

/** One line of the table: ours against a peer or a bare limit, from runs that alternated in the same minutes. */
export interface Comparison {
  name: string;
  unit: string;
  /** Medians. */
  ours: number;
  against: number;
  againstName: string;
  /** Ours to the other, as the goal counts it: how much of its speed, or how many times its time. */
  ratio: number;
  /** The smallest and the largest ratio of a pair of runs. */
  spread: [number, number];
  goal: string;
  isReached: boolean;
}

interface Pair {
  name: string;
  unit: string;
  againstName: string;
  /** `atLeast` for rates, `atMost` for times, `atMostMore` for how much may come on top, `atMostInAll` whatever the other is. */
  goal: { atLeast: number } | { atMost: number } | { atMostMore: number } | { atMostInAll: number };
  ours(): Promise<number> | number;
  against(): Promise<number> | number;
}

/** Runs both sides in turn, once to warm up and then `rounds` times, and compares run with neighbouring run. */
export async function compare(pair: Pair, rounds: number): Promise<Comparison> {
  // In between timers go off: runs that never wait would starve the heartbeat, without which nothing is in memory.
  const measure = async (run: Pair['ours']) => {
    await nextTurn();
    return run();
  };
  await measure(pair.ours);
  await measure(pair.against);
  const ours: number[] = [];
  const against: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await measure(pair.ours));
    against.push(await measure(pair.against));
  }
  const ratios = ours.map((value, index) => value / (against[index] ?? Number.NaN));
  const ratio = median(ratios);
  return {
    name: pair.name,
    unit: pair.unit,
    ours: median(ours),
    against: median(against),
    againstName: pair.againstName,
    ratio,
    spread: [Math.min(...ratios), Math.max(...ratios)],
    ...judge(pair, ratio, [median(ours), median(against)]),
  };
}

function judge({ goal, unit }: Pair, ratio: number, [ours, against]: [number, number]) {
  if ('atLeast' in goal) return { goal: `≥ ${goal.atLeast}`, isReached: ratio >= goal.atLeast };
  if ('atMost' in goal) return { goal: `≤ ${goal.atMost}`, isReached: ratio <= goal.atMost };
  if ('atMostInAll' in goal) {
    return { goal: `≤ ${goal.atMostInAll} ${unit} in all`, isReached: ours <= goal.atMostInAll };
  }
  return { goal: `≤ + ${goal.atMostMore} ${unit}`, isReached: ours - against <= goal.atMostMore };
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
