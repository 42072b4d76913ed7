import type { UsageBucket } from '@keywright/contract';

// Days are counted in UTC, and named so; minutes and hours in the browser's own time.
const whole: Readonly<Record<UsageBucket, Intl.DateTimeFormat>> = {
  minute: new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
  hour: new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
  day: new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeZone: 'UTC' }),
};
const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const utcDay = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', timeZone: 'UTC' });

/** When a bucket begins, in full. */
export function formatMoment(at: number, bucket: UsageBucket): string {
  return whole[bucket].format(at);
}

/** When a bucket begins, as short as an axis wants it. */
export function formatTick(at: number, bucket: UsageBucket, isLong: boolean): string {
  if (bucket === 'day') return utcDay.format(at);
  return (isLong ? day : time).format(at);
}
