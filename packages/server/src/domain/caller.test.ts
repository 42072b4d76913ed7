import { type Role, roles, type ServiceKeyScope, serviceKeyScopes } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import {
  type AccountCaller,
  authorize,
  authorizeKey,
  type Caller,
  isOperator,
  ownOnly,
  projectsWith,
  type Right,
  requireInstance,
  requireVerify,
  type ServiceKeyCaller,
  seesProject,
  systemCaller,
} from './caller.ts';
import { DomainError } from './error.ts';

const rights = [
  'project:read',
  'project:write',
  'channels:read',
  'channels:write',
  'keys:read',
  'keys:write',
  'usage:read',
  'audit:read',
] as const satisfies readonly Right[];

function account(roles: Record<string, Role> = {}, isInstanceAdmin = false): AccountCaller {
  const id = 'acc_me';
  return {
    type: 'account',
    id,
    name: 'Me',
    isInstanceAdmin,
    roles: new Map(Object.entries(roles)),
    authenticatedAt: 0,
  };
}

function serviceKey(
  projectId: string | null,
  scopes: readonly ServiceKeyScope[] = serviceKeyScopes,
): ServiceKeyCaller {
  return { type: 'service_key', id: 'svc_1', name: null, projectId, scopes: new Set(scopes) };
}

/** What was answered to a question: the code of the refusal, or that there was none. */
function outcome(ask: () => void): string {
  try {
    ask();
    return 'yes';
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

const inProject = (caller: Caller, projectId: string | null) =>
  Object.fromEntries(
    rights.map((right) => [right, outcome(() => authorize(caller, right, projectId, 'thing'))]),
  );
const everything = Object.fromEntries(rights.map((right) => [right, 'yes']));
const unseen = Object.fromEntries(rights.map((right) => [right, 'not_found']));

describe('in a project', () => {
  test.each<[Role, Right[]]>([
    ['owner', []],
    ['operator', ['project:write']],
    ['member', ['project:write', 'channels:write']],
  ])('an account that is %s may do all but %j', (role, forbidden) => {
    const expected = { ...everything, ...Object.fromEntries(forbidden.map((right) => [right, 'forbidden'])) };
    expect(inProject(account({ prj_a: role }), 'prj_a')).toEqual(expected);
  });

  test('an account sees no other project, whatever it is in its own', () => {
    for (const role of roles) expect(inProject(account({ prj_a: role }), 'prj_b')).toEqual(unseen);
    expect(inProject(account(), 'prj_b')).toEqual(unseen);
  });

  test('an administrator of the instance may do everything, a member of the project or not', () => {
    for (const caller of [account({}, true), account({ prj_a: 'member' }, true), systemCaller]) {
      expect(inProject(caller, 'prj_a')).toEqual(everything);
      expect(inProject(caller, null)).toEqual(everything);
    }
  });

  test('what belongs to the instance itself is not there for members of projects', () => {
    for (const role of roles) expect(inProject(account({ prj_a: role }), null)).toEqual(unseen);
    expect(inProject(serviceKey('prj_a'), null)).toEqual(unseen);
  });

  test.each(serviceKeyScopes)('a service key with the scope %s may do what it names', (scope) => {
    const expected = Object.fromEntries(
      rights.map((right) => {
        const needed = right.startsWith('project:') ? 'admin' : right;
        return [right, needed === scope ? 'yes' : 'forbidden'];
      }),
    );
    expect(inProject(serviceKey('prj_a', [scope]), 'prj_a')).toEqual(expected);
    expect(inProject(serviceKey(null, [scope]), 'prj_a')).toEqual(expected);
    expect(inProject(serviceKey('prj_a', [scope]), 'prj_b')).toEqual(unseen);
  });

  test('a refusal says what is missing', () => {
    const ask = (caller: Caller) => () => authorize(caller, 'project:write', 'prj_a', 'project');
    expect(ask(account({ prj_a: 'operator' }))).toThrow(/operator/);
    expect(ask(serviceKey('prj_a', ['keys:write']))).toThrow(/"admin"/);
    expect(ask(account())).toThrow('There is no such project, or you may not see it.');
  });
});

describe('of keys', () => {
  const ask = (caller: Caller, right: Right, ownerId: string | null, projectId = 'prj_a') =>
    outcome(() => authorizeKey(caller, right, { projectId, ownerId }));

  test('a member has its own; others are not there', () => {
    const member = account({ prj_a: 'member', prj_b: 'owner' });
    for (const right of ['keys:read', 'keys:write', 'usage:read', 'audit:read'] as const) {
      expect(ask(member, right, 'acc_me')).toBe('yes');
      for (const ownerId of [null, 'acc_you', 'ACC_ME', 'acc_me ', '', 'customer-1'])
        expect(ask(member, right, ownerId)).toBe('not_found');
      expect(ask(member, right, 'acc_you', 'prj_b')).toBe('yes');
      expect(ask(member, right, 'acc_me', 'prj_c')).toBe('not_found');
    }
  });

  test.each<[string, Caller]>([
    ['an operator', account({ prj_a: 'operator' })],
    ['an owner', account({ prj_a: 'owner' })],
    ['an administrator', account({ prj_a: 'member' }, true)],
    ['a service key', serviceKey('prj_a')],
    ['the system', systemCaller],
  ])('%s has all of the project', (_, caller) => {
    for (const ownerId of [null, 'acc_me', 'acc_you', 'customer-1'])
      expect(ask(caller, 'keys:write', ownerId)).toBe('yes');
    expect(ownOnly(caller, 'prj_a')).toBeNull();
  });

  test('only who is a member and no more is held to its own', () => {
    expect(ownOnly(account({ prj_a: 'member' }), 'prj_a')).toBe('acc_me');
    expect(ownOnly(account({ prj_b: 'owner' }), 'prj_a')).toBe('acc_me');
    expect(ownOnly(account({ prj_a: 'owner' }), null)).toBe('acc_me');
  });

  test('only an operator counts as one', () => {
    for (const role of roles) expect(isOperator(account({ prj_a: role }), 'prj_a')).toBe(role === 'operator');
    expect(isOperator(account({ prj_a: 'operator' }, true), 'prj_a')).toBe(false);
    expect(isOperator(account({ prj_b: 'operator' }), 'prj_a')).toBe(false);
    expect(isOperator(serviceKey('prj_a'), 'prj_a')).toBe(false);
  });
});

test('lists are of the projects in which the caller has the right', () => {
  const some = account({ prj_c: 'member', prj_a: 'owner', prj_b: 'operator' });
  expect(projectsWith(some, 'project:read')).toEqual(['prj_a', 'prj_b', 'prj_c']);
  expect(projectsWith(some, 'channels:write')).toEqual(['prj_a', 'prj_b']);
  expect(projectsWith(some, 'project:write')).toEqual(['prj_a']);
  expect(projectsWith(account(), 'project:read')).toEqual([]);
  expect(projectsWith(account({ prj_a: 'member' }, true), 'project:write')).toBeNull();
  expect(projectsWith(systemCaller, 'project:write')).toBeNull();
  expect(projectsWith(serviceKey(null), 'project:read')).toBeNull();
  expect(projectsWith(serviceKey('prj_a'), 'project:read')).toEqual(['prj_a']);
  expect(outcome(() => projectsWith(serviceKey('prj_a', ['verify']), 'project:read'))).toBe('forbidden');
});

test('a project shows to who has a part in it, the instance to who is for it', () => {
  const sees = (caller: Caller) => ['prj_a', 'prj_b', null].filter((id) => seesProject(caller, id));
  expect(sees(account({ prj_a: 'member' }))).toEqual(['prj_a']);
  expect(sees(serviceKey('prj_b', []))).toEqual(['prj_b']);
  for (const caller of [account({}, true), serviceKey(null, []), systemCaller])
    expect(sees(caller)).toEqual(['prj_a', 'prj_b', null]);
});

test('the instance is for its administrators and for service keys of the instance', () => {
  const ask = (caller: Caller, scope?: ServiceKeyScope) => outcome(() => requireInstance(caller, scope));
  for (const caller of [systemCaller, account({}, true), serviceKey(null)]) {
    expect(ask(caller)).toBe('yes');
    expect(ask(caller, 'audit:read')).toBe('yes');
  }
  for (const role of roles) expect(ask(account({ prj_a: role }))).toBe('forbidden');
  expect(ask(serviceKey('prj_a'))).toBe('forbidden');
  expect(ask(serviceKey(null, ['audit:read']), 'audit:read')).toBe('yes');
  expect(ask(serviceKey(null, ['audit:read']))).toBe('forbidden');
});

test('verification is for service keys alone', () => {
  const ask = (caller: Caller) => outcome(() => requireVerify(caller));
  expect(ask(serviceKey('prj_a', ['verify']))).toBe('yes');
  const others = serviceKeyScopes.filter((scope) => scope !== 'verify');
  for (const caller of [serviceKey(null, others), account({ prj_a: 'owner' }, true), systemCaller])
    expect(ask(caller)).toBe('forbidden');
});
