import type { Gateways } from '@keywright/contract';

/**
 * Where the built-in gateway takes requests for a channel: at the host of this page, on a port of its own, or at a host
 * name of the channel's. Null: it is switched off.
 */
export function gatewayAddress({ port, domain }: Gateways, slug: string): string | null {
  if (port === null) return null;
  return domain === null
    ? `http://${location.hostname}:${port}/${slug}/`
    : `http://${slug}.${domain}:${port}/`;
}
