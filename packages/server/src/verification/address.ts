import { BlockList, isIP, isIPv4 } from 'node:net';

/** Whether an address is in any of a key's ranges. Ranges and address were validated when they came in. */
export function isAddressAllowed(allowed: BlockList, ip: string): boolean {
  const address = normalizeAddress(ip);
  return allowed.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** The ranges of a key, ready to be asked. IPv4-mapped IPv6 means the IPv4 address in both directions. */
export function compileRanges(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address, bits] = range.split('/') as [string, string | undefined];
    const plain = normalizeAddress(address);
    const isMapped = plain !== address && isIPv4(plain);
    const width = isIPv4(plain) ? 32 : 128;
    const prefix = bits === undefined ? width : Number(bits) - (isMapped ? 96 : 0);
    // A mapped range wider than all of IPv4 is a range of IPv6 with all of IPv4 in it.
    if (isMapped && prefix < 0) list.addSubnet(address, Number(bits), 'ipv6');
    else list.addSubnet(plain, prefix, isIPv4(plain) ? 'ipv4' : 'ipv6');
  }
  return list;
}

/** `::ffff:192.0.2.1`, however it is written, as `192.0.2.1`; every other address as it is. */
export function normalizeAddress(address: string): string {
  if (isIP(address) !== 6) return address;
  // The URL parser writes any IPv6 address in its one canonical form (RFC 5952).
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (mapped === null) return canonical;
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The addresses of a machine that only the machine itself reaches. */
export const loopbackRanges: readonly string[] = ['127.0.0.0/8', '::1'];
const loopback = compileRanges(loopbackRanges);

export function isLoopback(address: string): boolean {
  return isIP(address) !== 0 && isAddressAllowed(loopback, address);
}
