import { STATUS_CODES } from 'node:http';
import type { DescribeFault } from '../wire/protocol-fault.ts';
import { newRequestId } from '../wire/request-id.ts';
import type { UpstreamFailure } from './upstream-failure.ts';

/** What the gateway itself refuses, or cannot do, whatever the key. */
export interface Refusal {
  status: number;
  code:
    | UpstreamFailure['code']
    | 'no_channel'
    | 'bad_request'
    | 'method_not_allowed'
    | 'unavailable'
    | 'internal';
  detail: string;
}

/** The refusal as a problem (RFC 9457), of the plain type: an address of this server is nothing to tell to the outside. */
export function describeRefusal(
  { status, code, detail }: Refusal,
  requestId: string,
): { headers: Record<string, string>; body: string } {
  const problem = { type: 'about:blank', title: STATUS_CODES[status], status, detail, code, requestId };
  return {
    headers: {
      'Content-Type': 'application/problem+json',
      'X-Keywright-Code': code,
      ...(status === 405 && { Allow: passedOn }),
      ...(status === 503 && { 'Retry-After': '1' }),
    },
    body: JSON.stringify(problem),
  };
}

/** Every other method is too, but these are the ones that clients know (RFC 9110, 15.5.6 asks for a list). */
const passedOn = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

/** Tells of faults of HTTP itself as the gateway tells of all that it refuses. */
export const describeFault: DescribeFault = ({ status, detail }) => {
  const code = status === 405 ? 'method_not_allowed' : 'bad_request';
  // A client's own id could be that of any other request.
  const requestId = newRequestId();
  return { requestId, ...describeRefusal({ status, code, detail }, requestId) };
};
