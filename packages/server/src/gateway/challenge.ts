import type { LoadedChannel } from '../verification/verification-store.ts';

/**
 * `WWW-Authenticate`, which every 401 must have (RFC 9110, 11.6.1). `Basic` only where nothing else is taken that has a
 * scheme: browsers ask people for a password at it.
 * @param hadCredential then a bearer is told that it was the wrong one (RFC 6750, 3.1)
 */
export function challengeFor({ slug, gateway }: LoadedChannel, hadCredential: boolean): string {
  const { credentials } = gateway;
  if (credentials.includes('bearer'))
    return `Bearer realm="${slug}"${hadCredential ? ', error="invalid_token"' : ''}`;
  if (credentials.includes('basic')) return `Basic realm="${slug}", charset="UTF-8"`;
  return `ApiKey realm="${slug}"`;
}
