import type { Exchange } from '../wire/exchange.ts';
import type { Denial } from './admission.ts';

const titles: Readonly<Record<Denial['status'], string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  429: 'Too Many Requests',
};

/**
 * A denial as whoever sent the request sees it: a small problem (RFC 9457). Its type is the plain one of its status,
 * since an address of this server is nothing to tell to the outside.
 */
export function describeDenial(
  { status, code, detail, headers }: Denial,
  { requestId }: Pick<Exchange, 'requestId'>,
): { headers: Record<string, string>; body: string } {
  const problem = {
    type: 'about:blank',
    title: titles[status],
    status,
    detail,
    ...(code && { code }),
    requestId,
  };
  return {
    headers: {
      'Content-Type': 'application/problem+json',
      ...headers,
      ...(code && { 'X-Keywright-Code': code }),
    },
    body: JSON.stringify(problem),
  };
}
