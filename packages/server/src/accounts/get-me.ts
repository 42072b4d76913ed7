import type { Gateways, Me } from '@keywright/contract';
import type { Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { DomainError } from '../domain/error.ts';

/** Who the caller is, and what it is a part of. */
export async function getMe({ stores }: Context, caller: Caller, gateways: Gateways): Promise<Me> {
  if (caller.type === 'service_key') {
    const { id, name, projectId, scopes } = caller;
    return { type: 'service_key', id, name: name ?? '', projectId, scopes: [...scopes] };
  }
  const account = caller.type === 'account' ? await stores.accounts.find(caller.id) : null;
  if (caller.type !== 'account' || account === null) {
    throw new DomainError('forbidden', { detail: 'Only an account or a service key is somebody here.' });
  }
  const { id, name, email } = account;
  const projects = await stores.projects.listNames([...caller.roles.keys()]);
  return {
    type: 'account',
    id,
    name,
    email,
    isInstanceAdmin: caller.isInstanceAdmin,
    projects: projects.flatMap((project) => {
      const role = caller.roles.get(project.id);
      return role === undefined ? [] : [{ ...project, role }];
    }),
    gateways,
  };
}
