import type { IncomingMessage } from 'node:http';

/** Which channel a request is for, and what it asks of it. */
export interface GatewayTarget {
  /** Id or slug. */
  channel: string;
  /** As the API behind sees it, as it was sent. */
  path: string;
  search: string;
}

/** Why a target cannot be read in one way only. */
interface TargetFault {
  fault: string;
}

const originForm = /^\/[\x21-\x7e]*$/;
const absoluteForm = /^https?:\/\/([^/?#@\\]+)(\/[\x21-\x7e]*)?$/i;
const byPath = /^\/([A-Za-z0-9_-]{2,60})(\/.*)?$/;

/**
 * By host name (`orders.api.example.com`) where there is a domain for it and the request's host is below it, else by the
 * first part of the path (`/orders/…`). Null when it is for no channel.
 */
export function findTarget(
  { url = '', headers: { host = '' } }: IncomingMessage,
  domain: string | null,
): GatewayTarget | TargetFault | null {
  const local = readLocal(url, host);
  if (typeof local !== 'string') return local;
  const query = local.indexOf('?');
  const [path, search] = query < 0 ? [local, ''] : [local.slice(0, query), local.slice(query + 1)];
  const slug = domain === null ? null : slugBelow(domain, host);
  if (slug !== null) return { channel: slug, path, search };
  const [, channel, rest = '/'] = byPath.exec(path) ?? [];
  return channel === undefined ? null : { channel, path: rest, search };
}

/**
 * The target without the host that one in absolute form begins with (RFC 9112, 3.2.2). A client writes the same host
 * into the header; where the two differ, one program on the way may go by this one and the next by that one.
 */
function readLocal(url: string, host: string): string | TargetFault {
  if (originForm.test(url)) return url;
  const [, named, local = '/'] = absoluteForm.exec(url) ?? [];
  if (named === undefined) return { fault: 'What is asked for is neither a path nor an http address.' };
  if (named.toLowerCase() === host.toLowerCase()) return local;
  return { fault: 'The address that is asked for names another host than the Host header.' };
}

function slugBelow(domain: string, host: string): string | null {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  const slug = name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : '';
  return /^[a-z0-9-]{2,40}$/.test(slug) ? slug : null;
}
