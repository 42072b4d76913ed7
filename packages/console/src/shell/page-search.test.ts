import { describe, expect, test } from 'vitest';
import { type AccountSearch, accountSearch } from '../account/account-search.ts';
import { type AccountsSearch, accountsSearch } from '../accounts/accounts-search.ts';
import { type ActivitySearch, activitySearch } from '../activity/activity-search.ts';
import { type ChannelPageSearch, channelPageSearch } from '../channels/channel-page-search.ts';
import { type ChannelsSearch, channelsSearch } from '../channels/channels-search.ts';
import { type KeyListSearch, keyListSearch } from '../keys/key-list-search.ts';
import { type KeyPageSearch, keyPageSearch } from '../keys/key-page-search.ts';
import { type MembersSearch, membersSearch } from '../members/members-search.ts';
import { type SettingsSearch, settingsSearch } from '../settings/settings-search.ts';
import { signInSearch } from '../sign-in/sign-in-search.ts';
import { type UsageSearch, usageSearch } from '../usage/usage-search.ts';
import { projectSearch } from './project-search.ts';

const span = { range: 'week', bucket: 'day', view: 'table' } as const;
const refusals = { code: 'revoked', refusals: 'r' } as const;
const keyList: Required<KeyListSearch> = {
  q: 'backup',
  status: 'revoked',
  owner: 'acc_1',
  sort: '-name',
  size: 50,
  cursor: 'c',
  dialog: 'rotate',
  key: 'key_1',
};

/** Of each page, an address in which everything stands that can. */
const pages = {
  account: [accountSearch, { dialog: 'rename-passkey', passkey: 'p' } satisfies Required<AccountSearch>],
  accounts: [
    accountsSearch,
    { q: 'ada', cursor: 'c', dialog: 'erase', account: 'acc_1' } satisfies Required<AccountsSearch>,
  ],
  activity: [
    activitySearch,
    {
      action: 'key.created',
      actor: 'acc_1',
      subject: 'key_1',
      from: '2026-01-01',
      to: '2026-01-31',
      cursor: 'c',
    } satisfies Required<ActivitySearch>,
  ],
  channel: [
    channelPageSearch,
    { tab: 'proxies', dialog: 'edit', front: 'caddy', ...refusals } satisfies Required<ChannelPageSearch>,
  ],
  channels: [
    channelsSearch,
    {
      ...keyList,
      keysOf: 'chn_1',
      edit: 'new',
      delete: 'chn_2',
      page: 'c',
    } satisfies Required<ChannelsSearch>,
  ],
  keys: [keyListSearch, keyList],
  key: [
    keyPageSearch,
    { ...span, tab: 'settings', dialog: 'retire', ...refusals } satisfies Required<KeyPageSearch>,
  ],
  members: [
    membersSearch,
    {
      cursor: 'c',
      invitations: 'i',
      dialog: 'role',
      member: 'acc_1',
      invitation: 'inv_1',
    } satisfies Required<MembersSearch>,
  ],
  project: [projectSearch, { project: 'prj_1' }],
  settings: [
    settingsSearch,
    {
      tab: 'policy',
      q: 'copy',
      own: true,
      dialog: 'create',
      key: 'svc_1',
      cursor: 'c',
    } satisfies Required<SettingsSearch>,
  ],
  'sign-in': [signInSearch, { to: '/usage' }],
  usage: [
    usageSearch,
    { ...span, cursor: 'c', request: 'req_1', channel: 'chn_1', ...refusals } satisfies Required<UsageSearch>,
  ],
} as const;

/** Neither words nor a choice. */
const nonsense = [{}, ['x'], true, null, '', undefined];

describe.each(Object.entries(pages))('the address of %s', (_, [validate, whole]) => {
  test('is read as it stands', () => {
    expect(validate(whole)).toStrictEqual(whole);
  });

  // What is missing in the answer would be filled in again from the address.
  test.each(Object.keys(whole))('has its %s undefined where it makes no sense', (name) => {
    for (const value of nonsense) {
      if (name === 'own' && value === true) continue;
      const found: Record<string, unknown> = { ...validate({ ...whole, [name]: value }) };
      expect(Object.keys(found)).toContain(name);
      expect(found[name]).toBeUndefined();
    }
  });
});

test.each([
  [keyListSearch, { status: 'foo', sort: 'foo', size: 21, dialog: 'foo' }],
  [usageSearch, { range: 99, bucket: 'foo', view: 'foo', code: 'foo' }],
  [activitySearch, { action: 'foo', from: 'bad', to: '2026-13-01' }],
  [channelPageSearch, { tab: 'foo', dialog: 'foo', front: 'foo', code: 'foo' }],
  [keyPageSearch, { tab: 'foo', dialog: 'create', code: 'foo', range: 'foo' }],
  [settingsSearch, { tab: 'foo', own: 'foo', dialog: 'foo' }],
  [signInSearch, { to: '//elsewhere.example' }],
  [signInSearch, { to: 'https://elsewhere.example' }],
])('a choice that there is none of is undefined', (validate, search) => {
  const found: Record<string, unknown> = { ...validate(search) };
  for (const name of Object.keys(search)) {
    expect(Object.keys(found)).toContain(name);
    expect(found[name], name).toBeUndefined();
  }
});

test('words of digits only are words', () => {
  expect(keyListSearch({ q: 2026, owner: 42 })).toMatchObject({ q: '2026', owner: '42' });
});
