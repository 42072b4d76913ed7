import type { Role, ServiceKeyScope } from '@keywright/contract';
import { DomainError, notFound } from './error.ts';

/** Who asks for a change or a view. */
export type Caller = ServiceKeyCaller | AccountCaller | SystemCaller;

export interface ServiceKeyCaller {
  type: 'service_key';
  id: string;
  name: string | null;
  /** Null: for the whole instance. */
  projectId: string | null;
  scopes: ReadonlySet<ServiceKeyScope>;
}

/** A person who signed in. */
export interface AccountCaller {
  type: 'account';
  id: string;
  name: string | null;
  isInstanceAdmin: boolean;
  /** By the id of each project that it is a member of. */
  roles: ReadonlyMap<string, Role>;
  /** When the person last proved the password, in milliseconds since 1970. */
  authenticatedAt: number;
}

/** Keywright itself, or a command run by who owns the machine. It may do everything. */
export interface SystemCaller {
  type: 'system';
  id: string;
  name: string | null;
}

/** For what happens at boot. */
export const systemCaller: SystemCaller = Object.freeze({ type: 'system', id: 'system', name: null });

/** @throws forbidden for all but what runs on this machine */
export function requireCommand(caller: Caller): void {
  if (caller.type === 'system') return;
  throw new DomainError('forbidden', {
    detail: 'This is for the keywright command on the machine that the server runs on.',
  });
}

/** What can be allowed in a project. */
export type Right =
  | 'project:read'
  | 'project:write'
  | 'channels:read'
  | 'channels:write'
  | 'keys:read'
  | 'keys:write'
  | 'usage:read'
  | 'audit:read';

/** A project, with its policy, its members and its service keys, is for service keys with `admin`; the rest is named alike. */
function scopeFor(right: Right): ServiceKeyScope {
  return right === 'project:read' || right === 'project:write' ? 'admin' : right;
}

const ownRights: readonly Right[] = ['keys:read', 'keys:write', 'usage:read', 'audit:read'];
const operatorRights: readonly Right[] = ['project:read', 'channels:read', 'channels:write', ...ownRights];
const rightsOf: Readonly<Record<Role, ReadonlySet<Right>>> = {
  owner: new Set<Right>(['project:write', ...operatorRights]),
  operator: new Set(operatorRights),
  // Of keys, usage and ledger only what is about its own keys: see `ownOnly`.
  member: new Set<Right>(['project:read', 'channels:read', ...ownRights]),
};

/** Whether the caller may see that this project exists; null stands for what belongs to the instance itself. */
export function seesProject(caller: Caller, projectId: string | null): boolean {
  if (caller.type === 'system') return true;
  if (caller.type === 'service_key') return caller.projectId === null || caller.projectId === projectId;
  return caller.isInstanceAdmin || (projectId !== null && caller.roles.has(projectId));
}

/**
 * The projects in which the caller has `right`; null: in all there are.
 * @throws forbidden for a service key that lacks the scope
 */
export function projectsWith(caller: Caller, right: Right): string[] | null {
  if (caller.type === 'service_key') {
    requireScope(caller, scopeFor(right));
    return caller.projectId === null ? null : [caller.projectId];
  }
  if (caller.type === 'system' || caller.isInstanceAdmin) return null;
  const allowed = [...caller.roles].filter(([, role]) => rightsOf[role].has(right));
  return allowed.map(([projectId]) => projectId).sort();
}

/**
 * Lets the caller pass who has `right` in this project. A member passes for what is about keys: narrow it with
 * `ownOnly`, or ask for a key with `authorizeKey`.
 * @throws not_found when the project is not the caller's to see, forbidden when the caller lacks the right.
 */
export function authorize(caller: Caller, right: Right, projectId: string | null, noun: string): void {
  if (!seesProject(caller, projectId)) throw notFound(noun);
  if (caller.type === 'service_key') requireScope(caller, scopeFor(right));
  if (caller.type !== 'account' || caller.isInstanceAdmin) return;
  const role = roleIn(caller, projectId);
  if (role !== null && rightsOf[role].has(right)) return;
  throw new DomainError('forbidden', { detail: `Your role in this project, ${role}, does not allow this.` });
}

/** The account whose keys alone the caller may touch in this project; null: all of them. */
export function ownOnly(caller: Caller, projectId: string | null): string | null {
  if (caller.type !== 'account' || caller.isInstanceAdmin) return null;
  const role = roleIn(caller, projectId);
  return role === 'owner' || role === 'operator' ? null : caller.id;
}

/** Whose keys alone are to be seen in these projects; in all others, all are. */
export interface OwnKeys {
  ownerId: string;
  projectIds: string[];
}

/** The projects in which the caller may see its own keys only, and so is told the number of these only; null: none. */
export function ownKeys(caller: Caller): OwnKeys | null {
  if (caller.type !== 'account' || caller.isInstanceAdmin) return null;
  const projectIds = [...caller.roles.keys()].filter((id) => ownOnly(caller, id) !== null).sort();
  return projectIds.length === 0 ? null : { ownerId: caller.id, projectIds };
}

/** Whether what the caller may do in this project is what an operator may, and no more. */
export function isOperator(caller: Caller, projectId: string): boolean {
  return caller.type === 'account' && !caller.isInstanceAdmin && roleIn(caller, projectId) === 'operator';
}

interface OwnedKey {
  projectId: string;
  ownerId: string | null;
}

/**
 * Lets the caller pass who has `right` over this key.
 * @throws not_found when the key is not the caller's to see, forbidden when the caller lacks the right.
 */
export function authorizeKey(caller: Caller, right: Right, key: OwnedKey): void {
  authorize(caller, right, key.projectId, 'key');
  const own = ownOnly(caller, key.projectId);
  if (own !== null && key.ownerId !== own) throw notFound('key');
}

/**
 * Lets the caller pass who may do this in the whole instance.
 * @param scope what a service key needs for it
 * @throws forbidden
 */
export function requireInstance(caller: Caller, scope: ServiceKeyScope = 'admin'): void {
  if (caller.type === 'system') return;
  if (caller.type === 'account') {
    if (caller.isInstanceAdmin) return;
    throw new DomainError('forbidden', { detail: 'This is for administrators of the instance.' });
  }
  requireScope(caller, scope);
  if (caller.projectId !== null) {
    throw new DomainError('forbidden', {
      detail: 'This needs a service key for the whole instance; this one is for one project.',
    });
  }
}

/**
 * Lets service keys pass that may verify. No account may: a console has no requests to judge.
 * @throws forbidden
 */
export function requireVerify(caller: Caller): asserts caller is ServiceKeyCaller {
  if (caller.type === 'service_key') return requireScope(caller, 'verify');
  throw new DomainError('forbidden', { detail: 'Verification is for service keys with the scope "verify".' });
}

function requireScope(caller: ServiceKeyCaller, scope: ServiceKeyScope): void {
  if (caller.scopes.has(scope)) return;
  throw new DomainError('forbidden', { detail: `This service key lacks the scope "${scope}".` });
}

function roleIn(caller: AccountCaller, projectId: string | null): Role | null {
  return projectId === null ? null : (caller.roles.get(projectId) ?? null);
}
