import type { UsageAddition } from './usage-store.ts';

/** How many verifications an addition tells of: each is counted for its secret and for its project. */
export function countVerifications({ counts }: UsageAddition): number {
  return counts.reduce((sum, { subject, count }) => (subject.type === 'secret' ? sum + count : sum), 0);
}
