import type { IncomingHttpHeaders } from 'node:http';

/** Whether a browser asks what another request may do (Fetch, "CORS-preflight request"). */
export function isPreflight(method: string, headers: IncomingHttpHeaders): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}
