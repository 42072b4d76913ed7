import type { AccountCaller, Caller } from '../domain/caller.ts';
import type { Stores } from '../domain/context.ts';
import { DomainError } from '../domain/error.ts';
import type { Authority } from './authority-store.ts';

/**
 * A request is authorized by what the account was when it began. A change must not outlive that: who was removed from a
 * project in the meantime could otherwise leave a key behind, made after all of its keys were revoked.
 * @throws forbidden when the account's roles are others by now
 */
export async function holdAuthority({ authority }: Stores, caller: Caller): Promise<void> {
  if (caller.type !== 'account' || isSame(await authority.lock(caller.id), caller)) return;
  throw new DomainError('forbidden', {
    detail: 'Your roles changed while this request ran. Nothing was changed; try again.',
  });
}

function isSame(now: Authority, then: AccountCaller): boolean {
  if (now.isInstanceAdmin !== then.isInstanceAdmin || now.roles.size !== then.roles.size) return false;
  return [...now.roles].every(([projectId, role]) => then.roles.get(projectId) === role);
}
