import type { MeteredRefusal } from '../verification/usage-meter.ts';
import { cleanUserAgent } from './clean-user-agent.ts';

/**
 * A refusal as it is kept. Where a client can write what it likes, it may have written a secret.
 * @param censor takes what looks like a secret out of a text
 */
export function cleanRefusal(refusal: MeteredRefusal, censor: (text: string) => string): MeteredRefusal {
  const { requestId, userAgent, channel, request } = refusal;
  return {
    ...refusal,
    requestId: censor(requestId),
    channel: channel === null ? null : censor(channel),
    request: request === null ? null : { method: request.method, path: censor(request.path) },
    userAgent: userAgent === null ? null : cleanUserAgent(userAgent, censor),
  };
}
