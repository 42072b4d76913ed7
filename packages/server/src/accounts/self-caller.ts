import type { AccountCaller } from '../domain/caller.ts';

/** A person who does something to nothing but the own account, for which no role is needed. */
export function selfCaller(
  { id, name }: { id: string; name: string },
  authenticatedAt: number,
): AccountCaller {
  return { type: 'account', id, name, isInstanceAdmin: false, roles: new Map(), authenticatedAt };
}
