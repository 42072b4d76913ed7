/*
 * When a secret stops working is kept as one number. What a change ended is over by every clock, also by one that is set
 * back afterwards, or that of a machine that lags behind: its time is kept with a minus before it, which lies before all
 * that a clock can say.
 */

/** The end of a secret that works until a time, or that is over if that has come. */
export function endOf(time: number, now: number): number {
  return time > now ? time : -now;
}

/** When a secret ended, or will, in milliseconds since 1970. */
export function timeOfEnd(retiresAt: number): number {
  return Math.abs(retiresAt);
}
