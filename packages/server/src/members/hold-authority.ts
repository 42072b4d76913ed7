import { roles } from '@keywright/contract';
import type { AccountCaller, Caller } from '../domain/caller.ts';
import type { Stores } from '../domain/context.ts';
import { DomainError } from '../domain/error.ts';
import type { Authority } from './authority-store.ts';

/**
 * A request is authorized by what the account was when it began. A change must not outlive that: who was removed from a
 * project in the meantime could otherwise leave a key behind, made after all of its keys were revoked.
 * @throws forbidden when the account may do less by now
 */
export async function holdAuthority({ authority }: Stores, caller: Caller): Promise<void> {
  if (caller.type !== 'account' || isAsMuch(await authority.lock(caller.id), caller)) return;
  throw new DomainError('forbidden', {
    detail: 'You lost a role or a project while this request ran. Nothing was changed.',
  });
}

/** What was gained does no harm: whoever may do more may do all that a lesser role may. */
function isAsMuch(now: Authority, then: AccountCaller): boolean {
  if (then.isInstanceAdmin && !now.isInstanceAdmin) return false;
  return [...then.roles].every(([projectId, role]) => {
    const held = now.roles.get(projectId);
    return held !== undefined && roles.indexOf(held) <= roles.indexOf(role);
  });
}
