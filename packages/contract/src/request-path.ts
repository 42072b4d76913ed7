/**
 * A path in the one spelling by which rules are matched and upstreams are asked (RFC 3986, 6.2.2): what need not be
 * percent-encoded is decoded, `%` has capital digits behind it. Null for what two programs could read in two ways:
 * dots that climb, also with parameters behind them (`/..;a=b/`, which Java servers read as `/../`), `//` and parts of
 * parameters alone, an encoded slash, backslash or NUL, a `%` without its digits, a fragment, or what is no ASCII. Nothing
 * is decoded twice: `%252f` stays what it is.
 */
export function normalizePath(path: string): string | null {
  if (!path.startsWith('/') || forbidden.test(path)) return null;
  const decoded = path.includes('%') ? decodeUnreserved(path) : path;
  if (decoded === null || climbing.test(decoded)) return null;
  return decoded;
}

/** Anything but visible ASCII; `#`, which no request target may hold; backslashes; empty parts. */
const forbidden = /[^\x21-\x7e]|[#\\]|\/\//;
const climbing = /\/(?:\.{1,2}(?:\/|$)|\.{0,2}(?:;|%3B))/;
/** Of `%2f`, `%5c` and control characters no two programs make the same. */
const refused = /%(?:2f|5c|[01][0-9a-f]|7f)/i;

function decodeUnreserved(path: string): string | null {
  if (/%(?![0-9a-f]{2})/i.test(path) || refused.test(path)) return null;
  return path.replace(/%([0-9a-f]{2})/gi, (whole, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : whole.toUpperCase();
  });
}

/**
 * A path in its one spelling as those programs read it that take `;` in a part for the begin of parameters, such as
 * servlet containers: `/admin;v=1/users` is `/admin/users` to them. The path itself where there are none.
 */
export function withoutParameters(path: string): string {
  return path.replace(/(?:;|%3B)[^/]*/g, '');
}
