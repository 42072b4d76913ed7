import { type LookupAddress, type LookupOptions, lookup as lookupByCallback } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { type BlockList, isIP, type LookupFunction } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { compileRanges, isAddressAllowed, normalizeAddress } from '../verification/address.ts';

/**
 * Where nothing is ever sent, whatever is configured: addresses that mean this link, this network or many receivers, and
 * those at which clouds hand out the credentials of the machine (AWS, Google, Azure, Oracle, Alibaba, AWS over IPv6).
 */
const never = compileRanges([
  ...['0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4', '::', 'fe80::/10', 'ff00::/8'],
  ...['168.63.129.16', '192.0.0.192', '100.100.100.200', 'fd00:ec2::/32'],
]);

/** What is not the public internet (IANA's registries of special purposes), or carries an IPv4 address inside. */
const inner = compileRanges([
  ...['10.0.0.0/8', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15'],
  ...['192.0.0.0/24', '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '192.88.99.0/24'],
  ...[
    '::1',
    'fc00::/7',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '2001::/23',
    '2001:db8::/32',
    '2002::/16',
    'fec0::/10',
  ],
]);

/** Guards against a channel whose upstream is something that only this server can reach (SSRF). */
export interface UpstreamGuard {
  /** Whether requests may be sent to this address. */
  isAllowed(address: string): boolean;
  /**
   * What is wrong with an upstream's address, as the end of a sentence; null: nothing. A name that is not known now may
   * be known later: it is looked at again at each connection.
   */
  findFault(upstream: string): Promise<string | null>;
  /** For `net.connect`: names resolve to allowed addresses only, and what was checked is what is connected to. */
  lookup: LookupFunction;
}

/** @param allow the inner addresses that the administrator lets channels have */
export function createUpstreamGuard(allow: readonly string[]): UpstreamGuard {
  const allowed: BlockList = compileRanges(allow);
  const isAllowed = (address: string) => {
    const plain = normalizeAddress(address);
    if (isAddressAllowed(never, plain)) return false;
    return !isAddressAllowed(inner, plain) || isAddressAllowed(allowed, plain);
  };
  return {
    isAllowed,
    async findFault(upstream) {
      const host = hostOf(upstream);
      const addresses = isIP(host) === 0 ? await resolve(host) : [host];
      const refused = addresses.find((address) => !isAllowed(address));
      if (refused === undefined) return null;
      const which = refused === host ? refused : `${host}, which is ${refused}`;
      if (isAddressAllowed(never, normalizeAddress(refused)))
        return `must not lead to ${which}: nothing is ever sent there`;
      return `must not lead to ${which}: an administrator can allow it in KEYWRIGHT_UPSTREAM_ALLOW`;
    },
    lookup(hostname, options, callback) {
      lookupByCallback(
        hostname,
        { ...(options as LookupOptions), all: true },
        (error, found: LookupAddress[]) => {
          if (error) return callback(error, '', 0);
          const usable = found.filter(({ address }) => isAllowed(address));
          const [first] = usable;
          if (first === undefined) return callback(forbidden(hostname), '', 0);
          if (options.all) callback(null, usable);
          else callback(null, first.address, first.family);
        },
      );
    },
  };
}

/** Without the brackets of an IPv6 address. */
export function hostOf(upstream: string): string {
  return new URL(upstream).hostname.replace(/^\[(.*)\]$/, '$1');
}

/** A name server that does not answer holds nobody up who sets an upstream. */
const resolveMs = 2000;

async function resolve(host: string): Promise<string[]> {
  try {
    const found = await Promise.race([lookup(host, { all: true }), sleep(resolveMs, [], { ref: false })]);
    return found.map(({ address }) => address);
  } catch {
    return [];
  }
}

/** The code by which the failure of a connection is told from others. */
export const forbiddenCode = 'KEYWRIGHT_UPSTREAM_FORBIDDEN';

function forbidden(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} has no address that may be sent to`), { code: forbiddenCode });
}
