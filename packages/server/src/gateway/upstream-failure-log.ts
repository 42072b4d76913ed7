import type { Logger } from 'pino';
import type { LoadedChannel } from '../verification/verification-store.ts';
import { createThrottle } from '../wire/throttle.ts';
import type { UpstreamFailure } from './upstream-failure.ts';

interface Failed {
  channel: LoadedChannel;
  requestId: string;
  code: UpstreamFailure['code'];
}

/**
 * Says in the log why an upstream did not answer, which is no business of its clients': of each channel once a second, as
 * one that is down fails every request.
 */
export function createUpstreamFailureLog(logger: Pick<Logger, 'warn'>, now = () => performance.now()) {
  const turns = new WeakMap<LoadedChannel, () => number | null>();
  return (error: unknown, { channel, requestId, code }: Failed): void => {
    const takeTurn = turns.get(channel) ?? createThrottle(now);
    turns.set(channel, takeTurn);
    const silenced = takeTurn();
    if (silenced === null) return;
    logger.warn(
      { requestId, channel: channel.slug, code, reason: reasonOf(error), ...(silenced > 0 && { silenced }) },
      'no answer from an upstream',
    );
  };
}

/** Only these two: an error of the parser holds what the upstream sent. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : error.name;
  if (error.message === '') return code;
  return error.message.includes(code) ? error.message : `${error.message} (${code})`;
}
