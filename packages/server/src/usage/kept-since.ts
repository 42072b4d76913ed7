import { usageKeptDays } from '@keywright/contract';
import { dayMs } from '../domain/time.ts';
import { resolutions } from './usage-store.ts';

const coarser = { minute: resolutions.hour, hour: resolutions.day } as const;

/**
 * From when on each minute, or each hour, is known. It is somewhat longer than promised: what is rolled up becomes whole
 * hours or days, and who asks for all of the promised time must not be late by the time that the question takes.
 */
export function keptSince(bucket: 'minute' | 'hour', now: number): number {
  const unit = coarser[bucket];
  const oldest = now - usageKeptDays[bucket] * dayMs - unit;
  return oldest - (oldest % unit);
}
