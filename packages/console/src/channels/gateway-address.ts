/** Where the built-in gateway usually listens; only the address of this page tells on which host. */
const usualPort = 8788;

/** Where the built-in gateway takes requests for a channel. */
export function gatewayAddress(slug: string): string {
  return `http://${location.hostname}:${usualPort}/${slug}/`;
}
