import type { IncomingMessage } from 'node:http';
import { DomainError } from '../domain/error.ts';
import type { Access } from '../wire/access.ts';
import { isJsonType } from './json-body.ts';

const readingMethods = ['GET', 'HEAD'];

/**
 * Refuses what a page of somebody else's makes a browser send. A browser adds the cookie to it by itself, but also says
 * in `Origin` whose page it was, which no page can change. What a form can send, which is never JSON, is refused from our own
 * pages too, also where no body is read.
 * @throws forbidden for a request that changes something and does not come from a page of this server,
 *   unsupported_media_type for one whose body says to be something else than JSON
 */
export function requireSameOrigin(incoming: IncomingMessage, access: Access): void {
  if (readingMethods.includes(incoming.method ?? '')) return;
  const { origin, 'sec-fetch-site': site } = incoming.headers;
  if (origin === undefined) throw foreign('has no Origin header');
  if (!access.isOwnOrigin(incoming, origin)) throw foreign('comes from a page of another origin');
  if (site !== undefined && site !== 'same-origin') throw foreign('comes from a page of another site');
  const type = incoming.headers['content-type'];
  if (type !== undefined && type !== '' && !isJsonType(type)) throw new DomainError('unsupported_media_type');
}

function foreign(what: string): DomainError {
  return new DomainError('forbidden', {
    detail:
      `This request ${what}. What a session changes must come from this server’s own pages; if you opened them at ` +
      'another address than KEYWRIGHT_PUBLIC_URL, use that one.',
  });
}
