import type { IncomingMessage } from 'node:http';

/** Which channel a request is for, and what it asks of it. */
export interface GatewayTarget {
  /** Id or slug. */
  channel: string;
  /** As the API behind sees it, as it was sent. */
  path: string;
  search: string;
}

const target = /^\/[\x21-\x7e]*$/;
const byPath = /^\/([A-Za-z0-9_-]{2,60})(\/.*)?$/;

/**
 * By host name (`orders.api.example.com`) where there is a domain for it and the request's host is below it, else by the
 * first part of the path (`/orders/…`). Null when it is for no channel: also for a target in absolute form, which names a
 * host of its own that need not be the header's.
 */
export function findTarget(
  { url = '', headers }: IncomingMessage,
  domain: string | null,
): GatewayTarget | null {
  if (!target.test(url)) return null;
  const query = url.indexOf('?');
  const [path, search] = query < 0 ? [url, ''] : [url.slice(0, query), url.slice(query + 1)];
  const slug = domain === null ? null : slugBelow(domain, headers.host ?? '');
  if (slug !== null) return { channel: slug, path, search };
  const [, channel, rest = '/'] = byPath.exec(path) ?? [];
  return channel === undefined ? null : { channel, path: rest, search };
}

function slugBelow(domain: string, host: string): string | null {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  const slug = name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : '';
  return /^[a-z0-9-]{2,40}$/.test(slug) ? slug : null;
}
