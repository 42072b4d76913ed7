import type { ActorType, ServiceKeyScope } from '@keywright/contract';
import { DomainError, notFound } from './error.ts';

/** Who asks for a change or a view. `projectId` null: for the whole instance. */
export interface Caller {
  type: ActorType;
  id: string;
  name: string | null;
  projectId: string | null;
  scopes: ReadonlySet<ServiceKeyScope>;
}

/** Keywright itself, for what happens at boot. */
export const systemCaller: Caller = Object.freeze({
  type: 'system',
  id: 'system',
  name: null,
  projectId: null,
  scopes: new Set<ServiceKeyScope>(),
});

/** Whether the caller may see that this project exists. */
export function seesProject(caller: Caller, projectId: string | null): boolean {
  return caller.projectId === null || caller.projectId === projectId;
}

/**
 * Lets the caller pass who may do `scope` in this project.
 * @throws not_found when the project is not the caller's to see, forbidden when the caller lacks the scope.
 */
export function authorize(
  caller: Caller,
  scope: ServiceKeyScope,
  projectId: string | null,
  noun: string,
): void {
  if (!seesProject(caller, projectId)) throw notFound(noun);
  requireScope(caller, scope);
}

/** @throws forbidden when the caller lacks the scope. */
export function requireScope(caller: Caller, scope: ServiceKeyScope): void {
  if (!caller.scopes.has(scope)) {
    throw new DomainError('forbidden', { detail: `This service key lacks the scope "${scope}".` });
  }
}

/** @throws forbidden when the caller is for one project only. */
export function requireInstance(caller: Caller, scope: ServiceKeyScope): void {
  requireScope(caller, scope);
  if (caller.projectId !== null) {
    throw new DomainError('forbidden', {
      detail: 'This needs a service key for the whole instance; this one is for one project.',
    });
  }
}
