const intervalMs = 1000;

/**
 * Lets one through each second, of what an outage makes as many of as there are requests.
 * @param now a clock in milliseconds that is not set
 * @returns asked for each: how many were left out since the one before it, or null when it is to be left out itself
 */
export function createThrottle(now = () => performance.now()): () => number | null {
  let silentUntil = Number.NEGATIVE_INFINITY;
  let silenced = 0;
  return () => {
    const at = now();
    if (at < silentUntil) {
      silenced++;
      return null;
    }
    const leftOut = silenced;
    [silentUntil, silenced] = [at + intervalMs, 0];
    return leftOut;
  };
}
