import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { SystemCaller } from '../domain/caller.ts';
import { hashSecret, type SecretHash, secretHashBytes } from '../keys/secret-format.ts';
import { readAuthorization } from './authorization.ts';
import { isLocal } from './locality.ts';

/** A command of whoever owns the data directory, and with it the database. */
const commandCaller: SystemCaller = Object.freeze({
  type: 'system',
  id: 'command',
  name: 'keywright command',
});

/**
 * The caller of a command that found this server by the control file in its data directory: it presents the token of
 * this very start, and from this machine. Null for every other request, which is then held to the usual rules.
 * @throws unauthenticated for an Authorization header that is sent more than once
 */
export function acceptControl(incoming: IncomingMessage, expected: SecretHash): SystemCaller | null {
  const token = /^Bearer +(\S+) *$/i.exec(readAuthorization(incoming) ?? '')?.[1];
  if (token === undefined || !isLocal(incoming)) return null;
  const isControl = timingSafeEqual(secretHashBytes(hashSecret(token)), secretHashBytes(expected));
  return isControl ? commandCaller : null;
}
