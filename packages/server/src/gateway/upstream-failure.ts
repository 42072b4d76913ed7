import { hasErrorCode } from '../error-code.ts';
import { forbiddenCode } from './upstream-address.ts';

/** What a client is told when its request got no answer from the API behind. */
export interface UpstreamFailure {
  status: 502 | 504;
  code: 'upstream_unreachable' | 'upstream_timeout' | 'upstream_forbidden' | 'no_upstream';
  detail: string;
}

const timeouts = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'];

export function describeFailure(error: unknown): UpstreamFailure {
  if (hasErrorCode(error, ...timeouts))
    return { status: 504, code: 'upstream_timeout', detail: 'The API did not answer in time.' };
  if (hasErrorCode(error, forbiddenCode)) {
    return {
      status: 502,
      code: 'upstream_forbidden',
      detail: 'The address of this API is one that the gateway may not send to.',
    };
  }
  return { status: 502, code: 'upstream_unreachable', detail: 'The API cannot be reached, or broke off.' };
}

export const noUpstream: UpstreamFailure = Object.freeze({
  status: 502,
  code: 'no_upstream',
  detail: 'No upstream is set for this channel.',
});

/** Whether the connection could not be made, so that nothing was sent and the request may be sent again. */
export function neverConnected(error: unknown): boolean {
  return hasErrorCode(error, 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN');
}
