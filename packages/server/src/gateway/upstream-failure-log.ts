import type { Logger } from 'pino';
import type { LoadedChannel } from '../verification/verification-store.ts';
import type { UpstreamFailure } from './upstream-failure.ts';

interface Failed {
  channel: LoadedChannel;
  requestId: string;
  code: UpstreamFailure['code'];
}

const intervalMs = 1000;

/**
 * Says in the log why an upstream did not answer, which is no business of its clients': of each channel once a second, as
 * one that is down fails every request.
 */
export function createUpstreamFailureLog(logger: Pick<Logger, 'warn'>, now = () => performance.now()) {
  const told = new WeakMap<LoadedChannel, { at: number; silenced: number }>();
  return (error: unknown, { channel, requestId, code }: Failed): void => {
    const before = told.get(channel);
    if (before !== undefined && now() - before.at < intervalMs) {
      before.silenced++;
      return;
    }
    const silenced = before?.silenced ?? 0;
    logger.warn(
      { requestId, channel: channel.slug, code, reason: reasonOf(error), ...(silenced > 0 && { silenced }) },
      'no answer from an upstream',
    );
    told.set(channel, { at: now(), silenced: 0 });
  };
}

/** Only these two: an error of the parser holds what the upstream sent. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : error.name;
  if (error.message === '') return code;
  return error.message.includes(code) ? error.message : `${error.message} (${code})`;
}
