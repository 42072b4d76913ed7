import { z } from 'zod';

/** One address, IPv4 or IPv6 (also IPv4-mapped), without a zone. */
export const ipAddress = z.union([z.ipv4(), z.ipv6()], { error: 'must be an IPv4 or IPv6 address' });

/** zod takes any number for the bits of an IPv6 range, `1.5` and `NaN` too. */
const ipv6Range = z.cidrv6().regex(/\/\d+$/);

/** One address, or a range in CIDR notation. */
export const ipRange = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), ipv6Range], {
  error: 'must be an IPv4 or IPv6 address, or a range such as 10.0.0.0/8 or 2001:db8::/32',
});

export const ipAllow = z.array(ipRange).max(100, { error: 'must have at most 100 addresses' });
