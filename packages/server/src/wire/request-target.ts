/** Where a request goes. */
export interface Target {
  /** As it was sent; empty when the target is no path. */
  path: string;
  /** What follows the `?`. */
  search: string;
}

/**
 * Splits a request target. The path is left as it was sent, undecoded and with its dots, and matched so: each address
 * has one spelling, and none slips past a rule that a proxy in front applies to another one.
 */
export function readTarget(target: string): Target {
  const local = target.startsWith('/') ? target : pathOfAbsolute(target);
  const query = local.indexOf('?');
  if (query < 0) return { path: local, search: '' };
  return { path: local.slice(0, query), search: local.slice(query + 1) };
}

/** The absolute form, `http://host/path`, is what a client sends that takes this server for a proxy. */
function pathOfAbsolute(target: string): string {
  return /^https?:\/\/[^/?]+(\/.*)$/i.exec(target)?.[1] ?? '';
}
