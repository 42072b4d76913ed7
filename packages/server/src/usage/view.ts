import type { Usage } from '@keywright/contract';
import { formatTime } from '../domain/time.ts';
import type { UsageOrigin, UsageSum } from './usage-store.ts';

/** Usage as the contract shows it. */
export function viewUsage(sums: (UsageSum & { keyId?: string })[], origins: UsageOrigin[]): Usage {
  return {
    buckets: sums.map(({ at, keyId, isFormer, code, count }) => ({
      at: formatTime(at),
      ...(keyId !== undefined && { keyId }),
      secret: isFormer ? 'previous' : 'current',
      code,
      count,
    })),
    origins: origins.map(({ ip, userAgent, lastAt, count }) => ({
      ip,
      userAgent,
      lastAt: formatTime(lastAt),
      count,
    })),
  };
}
