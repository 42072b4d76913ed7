import { describe, expect, test } from 'vitest';
import type { LedgerEntry } from './entry.ts';
import { LossFinder } from './losses.ts';
import { chainOf } from './testing/chain.ts';

const now = Date.UTC(2027, 0, 1);
type Action = LedgerEntry['action'];

/** An entry about a key, unless the action says otherwise. */
function entry(action: Action, detail: LedgerEntry['detail'] = {}, id = 'key_1'): LedgerEntry {
  const [kind = ''] = action.split('.');
  const type = (kind === 'member' ? 'account' : kind) as LedgerEntry['subject']['type'];
  return { action, projectId: 'prj_1', subject: { type, id, name: `The ${kind}` }, detail };
}

function lossesOf(...entries: LedgerEntry[]) {
  const finder = new LossFinder();
  for (const row of chainOf(entries)) finder.add(row);
  return finder.losses(now).map(({ row: { action, subject, seq }, what, steps, rest }) => {
    return { seq, action, id: subject.id, what, steps: steps.map(({ name, body }) => [name, body]), rest };
  });
}

describe('of keys', () => {
  test.each([
    ['key.revoked', { reason: 'leaked' }, 'revokeKey', { reason: 'leaked' }],
    ['key.revoked', {}, 'revokeKey', { reason: null }],
    ['key.deactivated', {}, 'deactivateKey', {}],
    ['key.deleted', {}, 'deleteKey', undefined],
    ['key.previous_retired', {}, 'retirePreviousSecret', {}],
  ] as const)('%s %j can be done again', (action, detail, name, body) => {
    expect(lossesOf(entry(action, detail))).toMatchObject([{ action, steps: [[name, body]], rest: null }]);
  });

  test('those that the copy does not have are not told', () => {
    expect(lossesOf(entry('key.created'), entry('key.revoked'))).toEqual([]);
    expect(lossesOf(entry('key.imported'), entry('key.rotated'), entry('key.deleted'))).toEqual([]);
    expect(lossesOf(entry('key.created'), entry('key.revoked', {}, 'key_2'))).toHaveLength(1);
  });

  test('a switch that is on again at the end is no loss, one that is off is', () => {
    expect(lossesOf(entry('key.deactivated'), entry('key.activated'))).toEqual([]);
    expect(
      lossesOf(entry('key.deactivated'), entry('key.activated'), entry('key.deactivated')),
    ).toMatchObject([{ seq: 3 }]);
    expect(lossesOf(entry('key.activated'))).toEqual([]);
    expect(lossesOf(entry('key.revoked'), entry('key.activated'))).toHaveLength(1);
  });

  test('a rotation leaves something to a person, unless the key is dead at the end', () => {
    expect(lossesOf(entry('key.rotated'), entry('key.rotated'))).toMatchObject([
      { seq: 2, steps: [['retirePreviousSecret', {}]], rest: expect.stringContaining('rotate it anew') },
    ]);
    for (const last of ['key.revoked', 'key.deleted'] as const) {
      expect(lossesOf(entry('key.rotated'), entry(last)).map(({ rest }) => rest)).toEqual([null, null]);
    }
    expect(lossesOf(entry('key.rotated'), entry('project.deleted', {}, 'prj_1'))[0]?.rest).toBe(null);
    expect(lossesOf(entry('key.rotated'), entry('key.deactivated'))[0]?.rest).not.toBe(null);
  });

  test('several come in their order', () => {
    const found = lossesOf(entry('key.revoked', {}, 'key_2'), entry('key.deactivated'), entry('key.deleted'));
    expect(found.map(({ seq, id }) => [seq, id])).toEqual([
      [1, 'key_2'],
      [2, 'key_1'],
      [3, 'key_1'],
    ]);
  });
});

describe('of fields of a key', () => {
  const update = (field: string, before: unknown, after: unknown) =>
    entry('key.updated', { fields: [field], [field]: { before, after } } as LedgerEntry['detail']);
  const [soon, later, past] = [
    '2027-02-01T00:00:00.000Z',
    '2027-03-01T00:00:00.000Z',
    '2026-12-01T00:00:00.000Z',
  ];
  const limit = (limit: number, windowSeconds = 60) => ({ name: 'a', limit, windowSeconds });

  test.each([
    ['expiresAt', null, soon],
    ['expiresAt', later, soon],
    ['scopes', ['a', 'b'], ['a']],
    ['scopes', ['a', 'b'], ['a', 'c', 'd']],
    ['ipAllow', [], ['10.0.0.0/8']],
    ['ipAllow', ['10.0.0.0/8', '::1'], ['::1']],
    ['rateLimits', [], [limit(5)]],
    ['rateLimits', [limit(5)], [limit(4)]],
    ['rateLimits', [limit(5)], [limit(5, 3600)]],
    ['quota', null, { limit: 5, period: 'day' }],
    ['quota', { limit: 6, period: 'day' }, { limit: 5, period: 'day' }],
    ['quota', { limit: 5, period: 'day' }, { limit: 9, period: 'month' }],
  ])('%s from %j to %j is a cut', (field, before, after) => {
    expect(lossesOf(update(field, before, after))).toMatchObject([
      { what: expect.stringMatching(/^cut: /), steps: [['updateKey', { [field]: after }]], rest: null },
    ]);
  });

  test.each([
    ['expiresAt', soon, null],
    ['expiresAt', soon, later],
    ['scopes', ['a'], ['a', 'b']],
    ['ipAllow', ['::1'], []],
    ['ipAllow', ['::1'], ['::1', '10.0.0.0/8']],
    ['rateLimits', [limit(5)], []],
    ['rateLimits', [limit(5)], [limit(6)]],
    ['quota', { limit: 5, period: 'day' }, null],
    ['quota', { limit: 5, period: 'day' }, { limit: 6, period: 'day' }],
    ['name', 'a', 'b'],
  ])('%s from %j to %j is none', (field, before, after) => {
    expect(lossesOf(update(field, before, after))).toEqual([]);
  });

  test('what was taken and given back is no cut; what was cut twice is told once, as it is at the end', () => {
    expect(lossesOf(update('scopes', ['a', 'b'], ['a']), update('scopes', ['a'], ['a', 'b']))).toEqual([]);
    const twice = [update('scopes', ['a', 'b', 'c'], ['a', 'b']), update('scopes', ['a', 'b'], ['b'])];
    expect(lossesOf(...twice, update('expiresAt', null, soon))).toMatchObject([
      { seq: 3, what: 'cut: expiry, scopes', steps: [['updateKey', { scopes: ['b'], expiresAt: soon }]] },
    ]);
  });

  test('an expiry that has passed since switches the key off', () => {
    expect(lossesOf(update('expiresAt', null, past), update('scopes', ['a'], []))).toMatchObject([
      {
        steps: [
          ['deactivateKey', {}],
          ['updateKey', { scopes: [] }],
        ],
      },
    ]);
  });

  test('what was erased from the ledger is left to a person', () => {
    expect(lossesOf(entry('key.updated', { fields: ['ipAllow', 'name'] }))).toMatchObject([
      { what: 'cut: addresses', steps: [], rest: expect.stringContaining('addresses was erased') },
    ]);
  });
});

test.each([
  ['service_key.deleted', 'deleteServiceKey'],
  ['channel.deleted', 'deleteChannel'],
  ['project.deleted', 'deleteProject'],
  ['invitation.deleted', 'deleteInvitation'],
] as const)('%s can be done again', (action, name) => {
  expect(lossesOf(entry(action, {}, 'x'))).toMatchObject([
    { id: 'x', steps: [[name, undefined]], rest: null },
  ]);
});

describe('of members', () => {
  const removed = entry('member.removed', { role: 'owner', transferTo: null }, 'acc_1');
  const added = (role: string) => entry('member.added', { role }, 'acc_1');
  const updated = (before: string, after: string) =>
    entry('member.updated', { role: { before, after } }, 'acc_1');

  test('who was removed is removed again', () => {
    expect(lossesOf(removed)).toMatchObject([{ what: 'removed', steps: [['removeMember', undefined]] }]);
    expect(lossesOf(updated('owner', 'member'), removed)).toMatchObject([{ what: 'removed' }]);
  });

  test('the keys of who was removed go where they went', () => {
    const finder = new LossFinder();
    const detail = { role: 'member', transferTo: 'acc_2' };
    for (const row of chainOf([entry('member.removed', detail, 'acc_1')])) finder.add(row);
    expect(finder.losses(now)[0]?.steps).toEqual([
      {
        name: 'removeMember',
        params: { projectId: 'prj_1', accountId: 'acc_1' },
        query: { transferTo: 'acc_2' },
      },
    ]);
  });

  test('a lesser role is a loss, the same or a greater one is none', () => {
    expect(lossesOf(updated('owner', 'operator'))).toMatchObject([
      { what: 'made operator', steps: [['updateMember', { role: 'operator' }]] },
    ]);
    expect(lossesOf(removed, added('member'))).toMatchObject([{ what: 'made member' }]);
    expect(lossesOf(removed, added('owner'))).toEqual([]);
    expect(lossesOf(updated('owner', 'member'), updated('member', 'owner'))).toEqual([]);
    expect(lossesOf(updated('member', 'owner'))).toEqual([]);
  });

  test('who came since and went again was never in the copy', () => {
    expect(lossesOf(added('owner'), removed)).toEqual([]);
  });
});

test('an invitation that was used up is good for nothing again, unless the copy never had it', () => {
  const [created, accepted] = [
    entry('invitation.created', {}, 'inv_1'),
    entry('invitation.accepted', {}, 'inv_1'),
  ];
  const added = entry('member.added', { role: 'member' }, 'acc_1');
  const removed = entry('member.removed', { role: 'member', transferTo: null }, 'acc_1');
  expect(lossesOf(accepted, added, removed)).toMatchObject([
    {
      what: 'used up',
      steps: [['deleteInvitation', undefined]],
      rest: expect.stringContaining('invite anew'),
    },
  ]);
  expect(lossesOf(created, accepted, added)).toEqual([]);
});

describe('of sign-up', () => {
  const signup = (before: string, after: string) =>
    entry('instance.updated', { signup: { before, after } }, 'instance');

  test('fewer may is a loss, more is none', () => {
    expect(lossesOf(signup('open', 'invite'), signup('invite', 'closed'))).toMatchObject([
      { seq: 2, steps: [['updateInstance', { signup: 'closed' }]] },
    ]);
    expect(lossesOf(signup('closed', 'open'))).toEqual([]);
    expect(lossesOf(signup('open', 'closed'), signup('closed', 'open'))).toEqual([]);
    expect(lossesOf(entry('instance.updated', { name: { before: 'a', after: 'b' } }, 'instance'))).toEqual(
      [],
    );
  });
});

test('an administrator who was made one again is no loss', () => {
  const [revoked, granted] = [entry('account.admin_revoked'), entry('account.admin_granted')];
  expect(lossesOf(revoked)).toMatchObject([{ steps: [['updateAccount', { isInstanceAdmin: false }]] }]);
  expect(lossesOf(revoked, granted)).toEqual([]);
});

test('a second factor that was turned off again is no loss, and each passkey that was removed is one', () => {
  const [on, off] = [entry('account.second_factor_on'), entry('account.second_factor_off')];
  expect(lossesOf(on)).toMatchObject([{ steps: [], rest: expect.stringContaining('second factor') }]);
  expect(lossesOf(on, off)).toEqual([]);
  expect(lossesOf(off)).toEqual([]);
  const removed = entry('account.passkey_removed', {}, 'acc_1');
  expect(lossesOf(removed, removed)).toMatchObject([
    { seq: 1, rest: expect.stringContaining('passkey') },
    { seq: 2, rest: expect.stringContaining('passkey') },
  ]);
});

test.each([
  'service_key.rotated',
  'account.password_changed',
  'account.email_changed',
  'account.backup_codes_renewed',
] as const)('%s is left to a person', (action) => {
  expect(lossesOf(entry(action, {}, 'x'), entry(action, {}, 'x'))).toMatchObject([
    { seq: 2, steps: [], rest: expect.stringContaining('again') },
  ]);
});

test.each(['project.updated', 'channel.created', 'key.quota_reset', 'service_key.created'] as const)(
  '%s takes nothing',
  (action) => {
    expect(lossesOf(entry(action))).toEqual([]);
  },
);

test('who was erased is erased again, and nothing else is to be done about it', () => {
  const losses = lossesOf(
    entry('account.password_changed', {}, 'acc_1'),
    entry('account.erased', {}, 'acc_1'),
  );
  expect(losses).toMatchObject([
    { action: 'account.password_changed', rest: null },
    { action: 'account.erased', steps: [['eraseAccount', undefined]], rest: null },
  ]);
});
