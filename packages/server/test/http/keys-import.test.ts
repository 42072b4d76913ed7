import { createHash, randomBytes } from 'node:crypto';
import type { FieldError } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { newId } from '../../src/domain/id.ts';
import { generateSecret } from '../../src/keys/secret-format.ts';
import type { BodyOf } from '../support/client.ts';
import { type Installation, onBothEngines } from '../support/installation.ts';
import { head, sendRaw } from '../support/raw-connection.ts';
import { expectNoTrace } from './refusals.ts';

type Entry = BodyOf<'importKeys'>['keys'][number];

const sha256 = (secret: string, encoding: 'hex' | 'base64' | 'base64url' = 'hex') =>
  createHash('sha256').update(secret).digest(encoding);
const randomSecret = () => `legacy-${randomBytes(18).toString('base64')}`;

onBothEngines((at) => {
  let count = 0;
  const entry = (given: Partial<Entry> = {}): Entry => ({
    sha256: sha256(randomSecret()),
    name: `Imported ${++count}`,
    ...given,
  });
  const begin = async (policy: BodyOf<'createProject'>['policy'] = {}) => {
    const { id: projectId } = await at.createProject({ policy });
    const params = { projectId };
    return {
      projectId,
      params,
      importKeys: (keys: Entry[]) => at.admin.call('importKeys', { params, body: { keys } }),
      refuse: (keys: unknown[]) => at.admin.refuse('importKeys', { params, body: { keys } }),
    };
  };
  const codesOf = async (secrets: string[]) => {
    const codes: string[] = [];
    for (let i = 0; i < secrets.length; i += 100) {
      const requests = secrets.slice(i, i + 100).map((key) => ({ key }));
      const { results } = await at.admin.call('verifyBatch', { body: { requests } });
      codes.push(...results.map(({ code }) => code));
    }
    return codes;
  };

  // The first test of all: until then nothing was imported here.
  test('without an import a wrong checksum asks no database; after the first one it does, and is remembered', async () => {
    const made = Array.from({ length: 50 }, randomSecret);
    const before = await countLoads(at);
    expect(new Set(await codesOf(made))).toEqual(new Set(['malformed']));
    expect(await countLoads(at)).toBe(before);
    const { importKeys } = await begin();
    await importKeys([entry({ sha256: sha256(made[0] ?? '') })]);
    expect(await codesOf(made)).toEqual(['valid', ...Array(49).fill('not_found')]);
    expect(await countLoads(at)).toBe(before + 50);
    await codesOf(made);
    expect(await countLoads(at)).toBe(before + 50);
  });

  test('ten thousand keys, their hashes in hex and base64: all of them verify at once', async () => {
    const { projectId, importKeys } = await begin();
    const secrets = Array.from({ length: 10_000 }, randomSecret);
    const encodings = ['hex', 'base64', 'base64url'] as const;
    const before = await at.ledgerHead();
    const { imported, keyIds } = await importKeys(
      secrets.map((secret, i) =>
        entry({
          sha256: sha256(secret, encodings[i % 3]),
          name: `Number ${i}`,
          ownerId: `customer-${i % 2500}`,
          display: `${secret.slice(0, 9)}…${secret.slice(-4)}`,
        }),
      ),
    );
    expect([imported, new Set(keyIds).size]).toEqual([10_000, 10_000]);
    expect(new Set(await codesOf(secrets))).toEqual(new Set(['valid']));
    expect(await at.ledgerHead()).toBe(before + 10_000);

    const { page } = await at.admin.call('listKeys', { params: { projectId } });
    expect(page).toMatchObject({ total: 10_000, totalIsExact: true });
    const last = await at.admin.call('getKey', { params: { keyId: keyIds[9999] ?? '' } });
    const secret = secrets[9999] ?? '';
    expect(last).toMatchObject({
      name: 'Number 9999',
      ownerId: 'customer-2499',
      format: 'token',
      status: 'active',
    });
    expect(last.display).toBe(`${secret.slice(0, 9)}…${secret.slice(-4)}`);
    const [row] = await at.ledgerSince(before + 9999);
    expect(row).toMatchObject({
      action: 'key.imported',
      projectId,
      subject: { id: last.id, name: last.name },
    });
  });

  test.each([
    ['eight characters', 'hunter22'],
    ['512 characters', 'x'.repeat(512)],
    ['spaces and signs', '  !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~  '],
    ['an integer', '12345678901234567890'],
    ['a UUID', '2b1f0a58-0c4e-4b0a-9c53-5f5e2f9d7d11'],
    ['our own form with a wrong checksum', `${generateSecret('kw').reveal().slice(0, -1)}!`],
    ['our own form, from another instance', generateSecret('acme').reveal()],
  ])('a secret that is %s verifies', async (_, secret) => {
    const { importKeys } = await begin();
    await importKeys([entry({ sha256: sha256(secret) })]);
    expect(await codesOf([secret])).toEqual(['valid']);
  });

  test('what is given as on creation is kept; what is left out is empty', async () => {
    const { projectId, importKeys } = await begin();
    const channel = await at.createChannel(projectId);
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const given = {
      channelId: channel.id,
      description: 'From the old system',
      expiresAt,
      scopes: ['a', 'b:*'],
      metadata: { plan: 'gold' },
      ipAllow: ['10.0.0.0/8'],
      ownerId: 'somebody',
      rateLimits: [{ name: 'burst', limit: 10, windowSeconds: 1 }],
      quota: { limit: 100, period: 'day' as const },
    };
    const secret = randomSecret();
    const { keyIds } = await importKeys([
      entry({ sha256: sha256(secret), ...given }),
      entry({ ownerId: null }),
    ]);
    const [full, bare] = await Promise.all(
      keyIds.map((keyId) => at.admin.call('getKey', { params: { keyId } })),
    );
    expect(full).toMatchObject({
      ...given,
      quota: { ...given.quota, used: 0 },
      display: null,
      publicId: null,
    });
    expect(bare).toMatchObject({ channelId: null, ownerId: null, scopes: [], metadata: {}, expiresAt: null });
    const body = { key: secret, ip: '10.1.2.3', channel: channel.slug, scopes: ['b:c'] };
    expect(await at.admin.call('verify', { body })).toMatchObject({
      valid: true,
      key: { ownerId: 'somebody' },
    });
  });

  test('an imported key lives on as any other: it is rotated, switched off and revoked', async () => {
    const { importKeys } = await begin();
    const secret = randomSecret();
    const { keyIds } = await importKeys([entry({ sha256: sha256(secret) })]);
    const params = { keyId: keyIds[0] ?? '' };
    const rotated = await at.admin.call('rotateKey', { params });
    expect(await codesOf([secret, rotated.secret])).toEqual(['valid', 'valid']);
    await at.admin.call('retirePreviousSecret', { params });
    expect(await codesOf([secret, rotated.secret])).toEqual(['revoked', 'valid']);
    await at.admin.call('revokeKey', { params });
    expect(await codesOf([rotated.secret])).toEqual(['revoked']);
  });

  test('every faulty key names itself, whatever is wrong with it, and nothing is imported', async () => {
    const { projectId, refuse } = await begin({
      maxKeysPerOwner: 2,
      maxLifetimeDays: 30,
      description: 'required',
    });
    const elsewhere = await at.createChannel((await at.createProject()).id);
    const inADay = new Date(Date.now() + 86_400_000).toISOString();
    const good = () => entry({ description: 'd', expiresAt: inADay });
    const taken = await at.createKey(projectId, {
      name: 'Taken',
      ownerId: 'o',
      description: 'd',
      expiresAt: inADay,
    });
    const keys: Entry[] = Array.from({ length: 300 }, good);
    const set = (index: number, change: Partial<Entry>) => Object.assign(keys[index] as Entry, change);
    set(0, { sha256: sha256(taken.secret) });
    set(17, { sha256: keys[3]?.sha256 ?? '' });
    set(40, { channelId: elsewhere.id });
    set(41, { expiresAt: '2020-01-01T00:00:00Z' });
    set(42, { expiresAt: new Date(Date.now() + 40 * 86_400_000).toISOString() });
    set(43, { description: null });
    set(44, { ownerId: newId('account', Date.now()) });
    set(45, { ownerId: 'o', name: 'Taken' });
    set(46, { ownerId: 'p', name: 'Same' });
    set(47, { ownerId: 'p', name: 'Same' });
    set(298, { ownerId: 'o', name: 'Second' });
    set(299, { ownerId: 'o', name: 'Third' });
    await expectNoTrace(at, async () => {
      const problem = await refuse(keys);
      expect(problem).toMatchObject({ status: 400, code: 'validation_failed' });
      expect(problem.errors?.map(({ path }: FieldError) => path)).toEqual([
        'keys.0.sha256',
        'keys.17.sha256',
        'keys.40.channelId',
        'keys.41.expiresAt',
        'keys.42.expiresAt',
        'keys.43.description',
        'keys.44.ownerId',
        'keys.45.name',
        'keys.47.name',
        'keys.299.ownerId',
      ]);
    });
    const { page } = await at.admin.call('listKeys', { params: { projectId } });
    expect(page.total).toBe(1);
  });

  test('a malformed key names itself by its index, beyond the first part of a list too', async () => {
    const { refuse } = await begin();
    const keys: unknown[] = Array.from({ length: 1000 }, () => entry());
    keys[3] = { ...entry(), sha256: 'abc' };
    keys[500] = { ...entry(), nonsense: 1 };
    keys[777] = 'no object';
    keys[999] = { ...entry(), name: '' };
    const problem = await refuse(keys);
    expect(problem).toMatchObject({ status: 400, code: 'validation_failed' });
    expect(problem.errors?.map(({ path }: FieldError) => path)).toEqual([
      'keys.3.sha256',
      'keys.500.nonsense',
      'keys.777',
      'keys.999.name',
    ]);
  });

  describe('a hash that is or was here', () => {
    test.each<[string, (made: { keyId: string }) => Promise<unknown>]>([
      ['is a key’s', async () => {}],
      ['was rotated away', (params) => at.admin.call('rotateKey', { params, body: { overlapSeconds: 0 } })],
      ['is revoked', (params) => at.admin.call('revokeKey', { params })],
      ['is deleted', (params) => at.admin.call('deleteKey', { params })],
    ])('that %s: 409 hash_known, by its index', async (_, change) => {
      const { refuse } = await begin();
      const { id: elsewhere } = await at.createProject();
      const { key, secret } = await at.createKey(elsewhere);
      await change({ keyId: key.id });
      await expectNoTrace(at, async () => {
        const problem = await refuse([entry(), entry({ sha256: sha256(secret, 'base64') }), entry()]);
        expect(problem).toMatchObject({
          status: 409,
          code: 'hash_known',
          errors: [{ path: 'keys.1.sha256' }],
        });
        expect(problem.errors).toHaveLength(1);
      });
    });

    test('that is of a service key, which would pass for a key of the system’s users: 409 hash_known', async () => {
      const { projectId, refuse } = await begin();
      const serviceKey = await at.createServiceKey(projectId, ['verify']);
      const keys = [entry(), entry({ sha256: sha256(serviceKey.secret) })];
      expect(await refuse(keys)).toMatchObject({ code: 'hash_known', errors: [{ path: 'keys.1.sha256' }] });
      await at.admin.call('deleteServiceKey', { params: { serviceKeyId: serviceKey.id } });
      expect(await refuse(keys)).toMatchObject({ code: 'hash_known', errors: [{ path: 'keys.1.sha256' }] });
    });

    test('was imported: the same again changes nothing and names every key', async () => {
      const { importKeys, refuse } = await begin();
      const keys = Array.from({ length: 600 }, () => entry());
      await importKeys(keys);
      await expectNoTrace(at, async () => {
        const problem = await refuse(keys);
        expect(problem).toMatchObject({ status: 409, code: 'hash_known' });
        expect(problem.errors).toHaveLength(600);
      });
    });
  });

  describe('the policy holds as it does for a key that is created', () => {
    test('409 key_limit_reached for those beyond the limit, in each place by itself', async () => {
      const { projectId, importKeys, refuse } = await begin({ maxKeysPerOwner: 3 });
      const channel = await at.createChannel(projectId, { policy: { maxKeysPerOwner: 2 } });
      await at.createKey(projectId, { ownerId: 'o' });
      const here = () => entry({ ownerId: 'o' });
      const there = () => entry({ ownerId: 'o', channelId: channel.id });
      const problem = await refuse([here(), there(), here(), there(), there(), here(), entry()]);
      expect(problem).toMatchObject({ status: 409, code: 'key_limit_reached' });
      expect(problem.errors?.map(({ path }: FieldError) => path)).toEqual([
        'keys.4.ownerId',
        'keys.5.ownerId',
      ]);
      await importKeys([here(), there(), here(), there(), entry()]);
      expect(await refuse([here()])).toMatchObject({ code: 'key_limit_reached' });
      // And the other way round: what was imported counts when a key is made.
      expect(
        await at.admin.refuse('createKey', { params: { projectId }, body: { ownerId: 'o' } }),
      ).toMatchObject({
        code: 'key_limit_reached',
      });
    });

    test('revoked, deleted and expired keys leave room, and an expired one keeps its name', async () => {
      const { projectId, importKeys, refuse } = await begin({ maxKeysPerOwner: 1 });
      const names = { ownerId: 'o' };
      for (const name of ['revokeKey', 'deleteKey'] as const) {
        const { key } = await at.createKey(projectId, { ...names, name });
        await at.admin.call(name, { params: { keyId: key.id } });
      }
      await at.createExpired(projectId, { ...names, name: 'Expired' });
      expect(await refuse([entry({ ...names, name: 'Expired' })])).toMatchObject({
        code: 'name_taken',
        errors: [{ path: 'keys.0.name' }],
      });
      await importKeys([entry({ ...names, name: 'revokeKey' })]);
      expect(await refuse([entry({ ...names, name: 'deleteKey' })])).toMatchObject({
        code: 'key_limit_reached',
      });
    });

    test('names are unique for each owner, and for those without one they need not be', async () => {
      const { importKeys } = await begin();
      await importKeys([
        ...['a', 'b', null, null].map((ownerId) => entry({ name: 'Same', ownerId })),
        entry({ name: 'same', ownerId: 'a' }),
      ]);
      const free = await begin({ uniqueNames: false });
      await free.importKeys(['a', 'a'].map((ownerId) => entry({ name: 'Same', ownerId })));
    });

    test('a policy that asks for pairs takes imported tokens all the same', async () => {
      const { importKeys } = await begin({ format: 'pair' });
      const secret = randomSecret();
      await importKeys([entry({ sha256: sha256(secret) })]);
      expect(await codesOf([secret])).toEqual(['valid']);
    });

    test('400 owner_not_member for an account that is no member', async () => {
      const { refuse } = await begin();
      const problem = await refuse([entry(), entry({ ownerId: newId('account', Date.now()) })]);
      expect(problem).toMatchObject({
        status: 400,
        code: 'owner_not_member',
        errors: [{ path: 'keys.1.ownerId' }],
      });
    });
  });

  describe('what is shown of a secret is no secret', () => {
    test.each([
      ['more than twenty letters and digits', `${'a1'.repeat(10)}x`],
      ['more than forty characters', '…'.repeat(41)],
      ['a control character', 'acme\u0007'],
    ])('400 for %s', async (_, display) => {
      const { refuse } = await begin();
      expect(await refuse([entry({ display })])).toMatchObject({
        code: 'validation_failed',
        errors: [{ path: 'keys.0.display' }],
      });
    });

    test('400 for a short secret itself, and it is not repeated', async () => {
      const { refuse } = await begin();
      const problem = await refuse([
        entry({ sha256: sha256('hunter2hunter2'), display: ' hunter2hunter2 ' }),
      ]);
      expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: 'keys.0.display' }] });
      expect(JSON.stringify(problem)).not.toContain('hunter2');
    });
  });

  describe('sizes', () => {
    test('400 for ten thousand and one keys, for none, and for what is no list', async () => {
      const { params } = await begin();
      const one = { name: 'n', sha256: sha256('x') };
      for (const keys of [Array(10_001).fill(one), [], null, {}, 'x', Array(2_000_000).fill(0)]) {
        const problem = await at.admin.refuse('importKeys', { params, body: { keys } });
        expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: 'keys' }] });
      }
    });

    test('a list of millions inside a key is refused without being looked into', async () => {
      const { refuse } = await begin();
      const problem = await refuse([entry(), { ...entry(), scopes: Array(4_000_000).fill(1) }]);
      expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: 'keys.1.scopes' }] });
      expect(problem.errors).toHaveLength(1);
    });

    test('more than a mebibyte is taken here, and more than sixteen are not', async () => {
      const { params, projectId } = await begin();
      const metadata = { text: 'x'.repeat(4000) };
      const keys = Array.from({ length: 400 }, () => entry({ metadata }));
      expect(JSON.stringify({ keys }).length).toBeGreaterThan(1.5 * 1024 * 1024);
      await at.admin.call('importKeys', { params, body: { keys } });
      const padding = (bytes: number) => `{"keys":[]${' '.repeat(bytes - 11)}}`;
      const path = `/v1/projects/${projectId}/keys/import`;
      const most = 16 * 1024 * 1024;
      expect((await at.admin.request('POST', path, { raw: padding(most) })).status).toBe(400);
      const refused = await at.admin.request('POST', path, { raw: padding(most + 1) });
      expect([refused.status, refused.json]).toMatchObject([413, { code: 'payload_too_large' }]);
      const other = await at.admin.request('POST', `/v1/projects/${projectId}/keys/bulk`, {
        raw: padding(2_000_000),
      });
      expect(other.status).toBe(413);
    });

    test('who may not import is refused before a byte of the body came', async () => {
      const { projectId } = await begin();
      const caller = await at.createServiceKey(projectId, ['verify', 'keys:read']);
      const lines = head(
        `POST /v1/projects/${projectId}/keys/import HTTP/1.1`,
        'Host: x',
        `Authorization: Bearer ${caller.secret}`,
        'Content-Type: application/json',
        'Content-Length: 16000000',
      );
      const { responses } = await sendRaw(at.url, lines);
      expect(responses.map(({ status }) => status)).toEqual([403]);
    });
  });
});

/** How often verifications asked the database so far. */
async function countLoads(at: Installation): Promise<number> {
  const { text } = await at.as(null).request('GET', '/metrics');
  return Number(/^keywright_key_cache_loads_total (\d+)$/m.exec(text)?.[1]);
}
