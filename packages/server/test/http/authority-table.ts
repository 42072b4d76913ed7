import type { EndpointName } from '@keywright/contract';

/** Every kind of caller that there is, seen from one project. */
export const callerKinds = [
  'nobody',
  'administrator',
  'owner',
  'operator',
  /** Whose the keys are that a request is about. */
  'member',
  'otherMember',
  /** An account that is owner of another project. */
  'stranger',
  /** An account that is a member of nothing. */
  'newcomer',
  'serviceKey',
  /** With all scopes but the one that is needed. */
  'serviceKeyWithout',
  'serviceKeyElsewhere',
  'instanceKey',
  'instanceKeyWithout',
] as const;
export type CallerKind = (typeof callerKinds)[number];

/** The status of the refusal, or that there is none. */
type Permission = 'yes' | 400 | 401 | 403 | 404;
type AuthorityRow = Readonly<Record<CallerKind, Permission>>;

const row = (people: Permission[], serviceKeys: Permission[]): AuthorityRow =>
  Object.fromEntries(
    callerKinds.map((kind, index) => [kind, [401, ...people, ...serviceKeys][index] as Permission]),
  ) as AuthorityRow;

/** A service key is asked for the scope after it was found that it may see the thing. */
const byScope: Permission[] = ['yes', 403, 404, 'yes', 403];
const byScopeInInstance: Permission[] = [403, 403, 403, 'yes', 403];

// In the order of callerKinds: administrator, owner, operator, member, other member, stranger, newcomer.
const everybody = row(['yes', 'yes', 'yes', 'yes', 'yes', 404, 404], byScope);
const operatorsUp = row(['yes', 'yes', 'yes', 403, 403, 404, 404], byScope);
const ownersUp = row(['yes', 'yes', 403, 403, 403, 404, 404], byScope);
/** A key of the member's own: to others like it, it is not there. */
const ownKey = row(['yes', 'yes', 'yes', 'yes', 404, 404, 404], byScope);
const instance = row(['yes', 403, 403, 403, 403, 403, 403], byScopeInInstance);
/** Somebody else: who does not administer the instance is not told that there is such a person. */
const otherPerson = row(['yes', 404, 404, 404, 404, 404, 404], [404, 404, 404, 'yes', 403]);
/** A list that shows what its caller may see, and so is there for everybody. */
const ownList = row(['yes', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes'], ['yes', 403, 'yes', 'yes', 403]);
const verifying = row([403, 403, 403, 403, 403, 403, 403], ['yes', 403, 'yes', 'yes', 403]);

/** Who may call what: the table of the contract, for each endpoint. A new endpoint does not compile without a row. */
export const authorityTable: { readonly [Name in EndpointName]: AuthorityRow } = {
  getMe: row(Array(7).fill('yes'), Array(5).fill('yes')),

  getInstance: instance,
  updateInstance: instance,
  listAccounts: instance,
  updateAccount: otherPerson,
  createAccountLink: otherPerson,
  eraseAccount: otherPerson,
  exportAccount: otherPerson,

  listProjects: ownList,
  createProject: instance,
  getProject: everybody,
  updateProject: ownersUp,
  deleteProject: ownersUp,

  listMembers: everybody,
  updateMember: ownersUp,
  removeMember: ownersUp,
  listInvitations: operatorsUp,
  createInvitation: ownersUp,
  deleteInvitation: ownersUp,
  // The invitation is for somebody else's address.
  acceptInvitation: row(Array(7).fill(403), Array(5).fill(403)),

  listChannels: everybody,
  createChannel: operatorsUp,
  getChannel: everybody,
  updateChannel: operatorsUp,
  deleteChannel: operatorsUp,

  // The request names an owner, which a member does not.
  createKey: row(['yes', 'yes', 'yes', 400, 400, 404, 404], byScope),
  listKeys: everybody,
  // The request names an owner, which is not the member's own.
  getKeyAllowance: row(['yes', 'yes', 'yes', 400, 400, 404, 404], byScope),
  importKeys: operatorsUp,
  // Each key is judged by itself; see the test of what a member sees.
  bulkKeys: everybody,
  identifyKey: ownKey,
  getKey: ownKey,
  updateKey: ownKey,
  deleteKey: ownKey,
  activateKey: ownKey,
  deactivateKey: ownKey,
  revokeKey: ownKey,
  rotateKey: ownKey,
  retirePreviousSecret: ownKey,
  resetQuota: ownKey,

  // It knows of no cookies, to be fast.
  verify: row(Array(7).fill(401), ['yes', 403, 'yes', 'yes', 403]),
  verifyBatch: verifying,

  listServiceKeys: ownList,
  createServiceKey: ownersUp,
  rotateServiceKey: ownersUp,
  deleteServiceKey: ownersUp,

  getKeyUsage: ownKey,
  getProjectUsage: everybody,
  listRefusals: everybody,
  getRefusal: ownKey,

  listProjectLedger: everybody,
  listLedger: instance,
};
