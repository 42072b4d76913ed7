import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { listAccountsQuery, updateAccountBody } from './account-record.ts';
import { bulkKeysBody } from './bulk.ts';
import { createChannelBody, updateChannelBody } from './channel.ts';
import { type Endpoint, endpoints } from './endpoint.ts';
import { identifyKeyBody } from './identify.ts';
import { importKeysBody } from './import.ts';
import { updateInstanceBody } from './instance.ts';
import {
  createKeyBody,
  listKeysQuery,
  noBody,
  ownerId,
  revokeKeyBody,
  rotateKeyBody,
  updateKeyBody,
} from './key.ts';
import { listLedgerQuery } from './ledger.ts';
import { createAccountLinkBody } from './link.ts';
import { acceptInvitationBody, createInvitationBody, removeMemberQuery, updateMemberBody } from './member.ts';
import { pageQuery } from './page.ts';
import { createProjectBody, updateProjectBody } from './project.ts';
import { createServiceKeyBody, listServiceKeysQuery } from './service-key.ts';
import { verifyBatchBody, verifyBody } from './verify.ts';

const ids = '0'.repeat(26);

/** The least that each body takes. */
const least = new Map<z.ZodType, Record<string, unknown>>([
  [updateInstanceBody, {}],
  [updateAccountBody, { isInstanceAdmin: true }],
  [createAccountLinkBody, { purpose: 'reset_password' }],
  [updateMemberBody, { role: 'member' }],
  [createInvitationBody, { email: 'a@example.com', role: 'member' }],
  [acceptInvitationBody, { token: 't' }],
  [createProjectBody, { name: 'n' }],
  [updateProjectBody, {}],
  [createChannelBody, { slug: 'ab', name: 'n' }],
  [updateChannelBody, {}],
  [createKeyBody, {}],
  [updateKeyBody, {}],
  [revokeKeyBody, {}],
  [rotateKeyBody, {}],
  [noBody, {}],
  [importKeysBody, { keys: [{ sha256: 'a'.repeat(64), name: 'n' }] }],
  [bulkKeysBody, { action: 'delete', keyIds: [`key_${ids}`] }],
  [identifyKeyBody, { sha256: 'a'.repeat(64) }],
  [verifyBody, { key: 'k' }],
  [verifyBatchBody, { requests: [{ key: 'k' }] }],
  [createServiceKeyBody, { name: 'n', scopes: ['verify'] }],
]);
const queries: z.ZodType[] = [
  ...[pageQuery, listKeysQuery, listLedgerQuery, listServiceKeysQuery],
  ...[listAccountsQuery, removeMemberQuery],
];

/** What somebody may try to set that is not theirs to set. */
const forbiddenFields = [
  ...[
    'id',
    'projectId',
    'project_id',
    'status',
    'createdBy',
    'createdAt',
    'updatedAt',
    'revokedAt',
    'sha256',
    'hash',
  ],
  ...[
    'secret',
    'publicId',
    'display',
    'used',
    'quota',
    'rateLimits',
    'lastUsedAt',
    'format',
    'keyCount',
    'bootstrap',
  ],
  ...['deletedAt', 'owner', 'role', 'admin', 'x'],
];

const withBody = Object.values<Endpoint>(endpoints).filter(({ body }) => body !== undefined);

describe.each(withBody)('the body of $name', ({ body, bodyOptional }) => {
  const given = body && least.get(body);

  test('is known to this test, and takes the least', () => {
    expect(given).toBeDefined();
    expect(body?.safeParse(given).success).toBe(true);
  });

  test('may be left out only if it takes nothing', () => {
    expect(body?.safeParse({}).success).toBe(Object.keys(given ?? {}).length === 0);
    if (bodyOptional) expect(body?.safeParse({}).success).toBe(true);
  });

  test('takes no field that it does not declare', () => {
    const declared = Object.keys((body as z.ZodObject | undefined)?.shape ?? {});
    for (const field of forbiddenFields.filter((name) => !declared.includes(name))) {
      for (const value of ['x', 1, null, true, {}]) {
        const result = body?.safeParse({ ...given, [field]: value });
        expect(result?.success, field).toBe(false);
        const unknown = result?.error?.issues.filter(({ code }) => code === 'unrecognized_keys');
        expect(unknown).toEqual([expect.objectContaining({ keys: [field] })]);
      }
    }
  });

  test('is no list, no text and not nothing', () => {
    for (const wrong of [null, undefined, [], [given], 'x', 1, true]) {
      expect(body?.safeParse(wrong).success).toBe(false);
    }
  });

  test('takes no name of the language’s own for a field', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const json = JSON.stringify({ ...given, NAME: { name: 'x' } }).replace('NAME', name);
      expect(body?.safeParse(JSON.parse(json)).success, name).toBe(false);
    }
  });
});

test.each(queries)('a query takes no parameter that it does not declare (%#)', (query) => {
  expect(query.safeParse({}).success).toBe(true);
  for (const name of ['offset', 'page', 'key', 'projectID', '__proto__']) {
    expect(query.safeParse(JSON.parse(`{"${name}":"1"}`)).success, name).toBe(false);
  }
});

describe('how many a list shows', () => {
  test.each([
    [undefined, 20],
    ['1', 1],
    ['100', 100],
  ])('%j: %i', (limit, read) => {
    expect(pageQuery.parse(limit === undefined ? {} : { limit })).toEqual({ limit: read });
  });

  test.each(['0', '-1', '101', '1.5', '', ' ', 'x', '1e400', 'NaN', 'Infinity', ['1', '2'], null])(
    '%j is refused',
    (limit) => {
      expect(pageQuery.safeParse({ limit }).success).toBe(false);
    },
  );
});

describe('a key', () => {
  const time = '2027-01-31T12:00:00Z';

  test('takes all that may be set', () => {
    const body = {
      name: 'Key 1',
      channelId: `chn_${ids}`,
      description: 'two\nlines',
      ownerId: 'customer-7',
      expiresAt: time,
      scopes: ['orders:*'],
      metadata: { plan: 'gold' },
      ipAllow: ['10.0.0.0/8'],
    };
    expect(createKeyBody.parse(body)).toEqual({ ...body, expiresAt: Date.parse(time) });
  });

  test('stays in its channel', () => {
    expect(updateKeyBody.safeParse({ channelId: `chn_${ids}` }).success).toBe(false);
  });

  test.each([
    ...['name', 'scopes', 'metadata', 'ipAllow'].map((field) => [field, false] as const),
    ...['description', 'ownerId', 'expiresAt'].map((field) => [field, true] as const),
  ])('may lose its %s: %s', (field, may) => {
    expect(updateKeyBody.safeParse({ [field]: null }).success).toBe(may);
    expect(updateKeyBody.parse({})).toEqual({});
    expect(updateKeyBody.safeParse({ [field]: undefined }).success).toBe(false);
  });

  test.each([
    { name: '' },
    { name: '   ' },
    { name: 'x'.repeat(101) },
    { name: 'a\nb' },
    { name: 1 },
    { name: ['a'] },
    { description: 'x'.repeat(501) },
    { description: 'a\0' },
    { expiresAt: 0 },
    { expiresAt: 'tomorrow' },
    { expiresAt: '9999-12-31T23:59:59-10:00' },
    { scopes: 'a' },
    { scopes: ['a', 'a'] },
    { metadata: [] },
    { metadata: 'x' },
    { ipAllow: ['::/1.5'] },
    { ipAllow: '10.0.0.1' },
    { ownerId: '' },
    { ownerId: 7 },
  ])('is refused with %j', (body) => {
    expect(createKeyBody.safeParse(body).success).toBe(false);
    expect(updateKeyBody.safeParse(body).success).toBe(false);
  });

  test('has an owner of at most 200 characters, kept as it is', () => {
    for (const owner of ['a', ' a ', 'x'.repeat(200), '😀'.repeat(200), 'acc_1', "'; --"]) {
      expect(ownerId.parse(owner)).toBe(owner);
    }
    for (const owner of [
      '',
      'x'.repeat(201),
      '😀'.repeat(201),
      'a\0',
      'a\nb',
      '\ud800',
      'x'.repeat(1_000_000),
    ]) {
      expect(ownerId.safeParse(owner).success).toBe(false);
    }
  });

  test('is rotated with an overlap of 0 to 30 days, a day if none is said', () => {
    expect(rotateKeyBody.parse({})).toEqual({ overlapSeconds: 86_400 });
    for (const overlapSeconds of [0, 2_592_000]) {
      expect(rotateKeyBody.parse({ overlapSeconds })).toEqual({ overlapSeconds });
    }
    for (const overlapSeconds of [-1, 2_592_001, 0.5, '0', null, Number.NaN]) {
      expect(rotateKeyBody.safeParse({ overlapSeconds }).success).toBe(false);
    }
  });
});

describe('a channel', () => {
  test.each(['ab', 'a-b', '--', '0'.repeat(40)])('may be called %s', (slug) => {
    expect(createChannelBody.safeParse({ slug, name: 'n' }).success).toBe(true);
  });

  test.each(['', 'a', 'A-B', 'a_b', 'a.b', 'a/b', '..', 'a b', 'ab\n', 'é-e', `chn_${ids}`, 'a'.repeat(41)])(
    'may not be called %j',
    (slug) => {
      expect(createChannelBody.safeParse({ slug, name: 'n' }).success).toBe(false);
    },
  );

  test.each(['http://10.0.0.1:8080', 'https://api.example.com/base/', 'http://[::1]/', null])(
    'may lead to %s',
    (upstream) => {
      expect(updateChannelBody.parse({ upstream })).toEqual({ upstream });
    },
  );

  test.each([
    '',
    'api.example.com',
    '/path',
    'ftp://example.com',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://user@example.com',
    'http://user:password@example.com',
    'http://example.com/?q=1',
    'http://example.com/#part',
    'http://',
    'http://exa mple.com',
    'http://example.com/\n',
    1,
  ])('may not lead to %j', (upstream) => {
    expect(updateChannelBody.safeParse({ upstream }).success).toBe(false);
  });
});

test('where a channel leads is said in at most 2000 characters', () => {
  const upstream = (length: number) => `http://example.com/${'x'.repeat(length - 19)}`;
  expect(updateChannelBody.safeParse({ upstream: upstream(2000) }).success).toBe(true);
  expect(updateChannelBody.safeParse({ upstream: upstream(2001) }).success).toBe(false);
});

describe('a service key', () => {
  test('is for the instance if no project is said, and can do something', () => {
    expect(createServiceKeyBody.parse({ name: 'n', scopes: ['verify'] })).toEqual({
      name: 'n',
      projectId: null,
      scopes: ['verify'],
    });
    for (const scopes of [[], ['root'], ['verify', 'verify'], ['*'], 'verify', undefined]) {
      expect(createServiceKeyBody.safeParse({ name: 'n', scopes }).success).toBe(false);
    }
  });
});

describe('the words of a project', () => {
  test('are by the name of their part', () => {
    const wording = { 'keys.new': 'New key', title: null };
    expect(updateProjectBody.parse({ wording })).toEqual({ wording });
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`w${i}`, 'x']));
    expect(updateProjectBody.safeParse({ wording: many(100) }).success).toBe(true);
    expect(updateProjectBody.safeParse({ wording: many(101) }).success).toBe(false);
    for (const wrong of [
      { 'a b': 'x' },
      { a: '' },
      { a: 1 },
      { a: 'x'.repeat(501) },
      { ['x'.repeat(65)]: 'x' },
      ['x'],
    ]) {
      expect(updateProjectBody.safeParse({ wording: wrong }).success).toBe(false);
    }
  });
});
