import { isIP } from 'node:net';

/** Whom browsers make passkeys for: a host name, and the one origin at which they are used. */
export interface RelyingParty {
  id: string;
  origin: string;
}

/** Or why there can be no passkeys, as a sentence for people. */
export type Passkeys = { relyingParty: RelyingParty } | { reason: string };

/**
 * Where passkeys work. Browsers make them for a host name that is reached by https, or for `localhost`; never for an
 * address of digits.
 * @param publicUrl as it was configured; null: it was not
 * @param listenUrl where the server listens
 */
export function findRelyingParty(publicUrl: string | null, listenUrl: string): Passkeys {
  if (publicUrl !== null) return fromPublicUrl(new URL(publicUrl));
  const { hostname, port } = new URL(listenUrl);
  if (!/^(127(\.\d+){3}|\[::1\]|0\.0\.0\.0|\[::\])$/.test(hostname)) {
    return { reason: unset };
  }
  return { relyingParty: { id: 'localhost', origin: new URL(`http://localhost:${port}`).origin } };
}

function fromPublicUrl({ hostname, protocol, origin }: URL): Passkeys {
  if (isIP(hostname) !== 0 || hostname.startsWith('[')) {
    return { reason: 'Passkeys need a host name, and KEYWRIGHT_PUBLIC_URL names an address of digits.' };
  }
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost');
  if (protocol !== 'https:' && !isLocal) {
    return { reason: 'Passkeys need https, and KEYWRIGHT_PUBLIC_URL begins with http.' };
  }
  return { relyingParty: { id: hostname, origin } };
}

/** The same for a page of this origin: passkeys that are made at one do not work at another. */
export function passkeysAt(passkeys: Passkeys, origin: string): Passkeys {
  if ('reason' in passkeys || passkeys.relyingParty.origin === origin) return passkeys;
  if (!/^http:\/\/(127(\.\d+){3}|\[::1\])(:\d+)?$/.test(origin)) return { reason: unset };
  return { reason: `Passkeys need a host name: open this page at ${passkeys.relyingParty.origin}.` };
}

const unset = 'Passkeys need a host name: set KEYWRIGHT_PUBLIC_URL to the https address of this server.';
