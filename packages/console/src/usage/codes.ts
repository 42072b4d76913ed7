import type { Usage } from '@keywright/contract';

export type UsageCode = Usage['buckets'][number]['code'];

/** How an outcome is drawn: told apart by colour and by pattern, so that either alone is enough. */
interface CodeLook {
  /** A token of the palette. */
  colour: 'good-solid' | 'bad' | 'warn' | 'accent' | 'idle';
  pattern:
    | 'solid'
    | 'rising'
    | 'falling'
    | 'level'
    | 'upright'
    | 'dots'
    | 'rings'
    | 'grid'
    | 'cross'
    | 'wave'
    | 'checks';
}

/**
 * In the order in which they are stacked. Of one colour are those of one kind: no such key, a key that is off, not allowed
 * here, and too much.
 */
export const codeLooks: Readonly<Record<UsageCode, CodeLook>> = {
  valid: { colour: 'good-solid', pattern: 'solid' },
  rate_limited: { colour: 'warn', pattern: 'rising' },
  quota_exceeded: { colour: 'warn', pattern: 'dots' },
  wrong_channel: { colour: 'accent', pattern: 'level' },
  ip_denied: { colour: 'accent', pattern: 'grid' },
  insufficient_scope: { colour: 'accent', pattern: 'rings' },
  revoked: { colour: 'bad', pattern: 'cross' },
  inactive: { colour: 'bad', pattern: 'falling' },
  expired: { colour: 'bad', pattern: 'upright' },
  not_found: { colour: 'idle', pattern: 'checks' },
  malformed: { colour: 'idle', pattern: 'wave' },
};

export const usageCodes = Object.keys(codeLooks) as readonly UsageCode[];
