import type { Propagation } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import type { AnswerOf, BodyOf } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';

const dayMs = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString();

/** One node is there, and it has applied the change. */
function expectPropagated(propagation: Propagation): void {
  expect(propagation).toStrictEqual({ nodes: 1, acknowledged: 1, elapsedMs: expect.any(Number) });
  expect(propagation.elapsedMs).toBeGreaterThanOrEqual(0);
  expect(propagation.elapsedMs).toBeLessThan(5000);
}

onBothEngines((at) => {
  const verify = (key: string) => at.admin.call('verify', { body: { key } });
  const get = (keyId: string) => at.admin.call('getKey', { params: { keyId } });
  const update = (keyId: string, body: BodyOf<'updateKey'>) =>
    at.admin.call('updateKey', { params: { keyId }, body });
  const refuseUpdate = (keyId: string, body: unknown) =>
    at.admin.refuse('updateKey', { params: { keyId }, body });

  describe('PATCH', () => {
    const full: BodyOf<'createKey'> = {
      name: 'Production',
      description: 'x',
      ownerId: 'anna',
      expiresAt: '2099-01-01T00:00:00.000Z',
      scopes: ['a', 'b'],
      metadata: { a: 1, b: { c: 2 } },
      ipAllow: ['10.0.0.0/8'],
    };

    test('absent fields stay as they are', async () => {
      const { id } = await at.createProject();
      const { key } = await at.createKey(id, full);
      const { key: changed, propagation } = await update(key.id, { name: 'Renamed' });
      expect(changed).toStrictEqual({ ...key, name: 'Renamed', updatedAt: changed.updatedAt });
      expect(Date.parse(changed.updatedAt)).toBeGreaterThanOrEqual(Date.parse(key.updatedAt));
      expectPropagated(propagation);
      expect(await get(key.id)).toStrictEqual(changed);
    });

    test('null clears what can be without', async () => {
      const { id } = await at.createProject();
      const { key } = await at.createKey(id, full);
      const cleared = { description: null, ownerId: null, expiresAt: null };
      expect((await update(key.id, cleared)).key).toMatchObject({ ...full, ...cleared });
      for (const field of ['name', 'scopes', 'metadata', 'ipAllow']) {
        expect(await refuseUpdate(key.id, { [field]: null })).toMatchObject({ errors: [{ path: field }] });
      }
    });

    test('arrays and metadata are replaced as a whole', async () => {
      const { id } = await at.createProject();
      const { key } = await at.createKey(id, full);
      const body = { scopes: ['c'], metadata: { b: { d: 3 } }, ipAllow: ['192.0.2.1'] };
      expect((await update(key.id, body)).key).toMatchObject(body);
      const { key: emptied } = await update(key.id, { scopes: [], metadata: {}, ipAllow: [] });
      expect([emptied.scopes, emptied.metadata, emptied.ipAllow]).toStrictEqual([[], {}, []]);
    });

    test('all fields at once', async () => {
      const { id } = await at.createProject();
      const { key } = await at.createKey(id);
      expect((await update(key.id, { ...full })).key).toMatchObject(full);
    });

    test('what changes nothing leaves no row, and says so at once', async () => {
      const { id } = await at.createProject();
      const { key } = await at.createKey(id, full);
      const before = await at.ledgerHead();
      for (const body of [{}, full, { name: ' Production ' }, { expiresAt: '2099-01-01T02:00:00+02:00' }]) {
        const { key: same, propagation } = await update(key.id, body);
        expect(same).toStrictEqual(key);
        expectPropagated(propagation);
      }
      expect(await at.ledgerHead()).toBe(before);
    });

    test('400 for an expiry in the past', async () => {
      const { id } = await at.createProject();
      const { key } = await at.createKey(id);
      expect(await refuseUpdate(key.id, { expiresAt: '2020-01-01T00:00:00Z' })).toMatchObject({
        code: 'validation_failed',
        errors: [{ path: 'expiresAt' }],
      });
    });

    test('400 for what the policy hides, requires or bounds, but only where it changes', async () => {
      const { id: projectId } = await at.createProject();
      const { key } = await at.createKey(projectId, { expiresAt: inDays(500) });
      const policy = { description: 'required', maxLifetimeDays: 30 } as const;
      await at.admin.call('updateProject', { params: { projectId }, body: { policy } });
      await update(key.id, { name: 'Renamed under the new policy' });
      for (const body of [{ expiresAt: null }, { expiresAt: inDays(31) }]) {
        expect(await refuseUpdate(key.id, body)).toMatchObject({ errors: [{ path: 'expiresAt' }] });
      }
      await update(key.id, { description: 'x', expiresAt: inDays(29) });
      expect(await refuseUpdate(key.id, { description: null })).toMatchObject({
        errors: [{ path: 'description' }],
      });
      await at.admin.call('updateProject', {
        params: { projectId },
        body: { policy: { description: 'hidden', expiry: 'hidden', maxLifetimeDays: null } },
      });
      expect(await refuseUpdate(key.id, { description: 'y' })).toMatchObject({
        errors: [{ path: 'description' }],
      });
      await update(key.id, { description: null });
      expect(await refuseUpdate(key.id, { expiresAt: inDays(1) })).toMatchObject({
        errors: [{ path: 'expiresAt' }],
      });
    });

    test('400 owner_not_member for an account', async () => {
      const { id } = await at.createProject();
      const { key } = await at.createKey(id);
      expect(await refuseUpdate(key.id, { ownerId: 'acc_x' })).toMatchObject({ code: 'owner_not_member' });
    });

    test('409 name_taken for the name of another key of the owner, by renaming and by moving', async () => {
      const { id } = await at.createProject();
      await at.createKey(id, { ownerId: 'anna', name: 'Taken' });
      const own = await at.createKey(id, { ownerId: 'anna', name: 'Own' });
      const others = await at.createKey(id, { ownerId: 'ben', name: 'Taken' });
      expect(await refuseUpdate(own.key.id, { name: 'Taken' })).toMatchObject({ code: 'name_taken' });
      expect(await refuseUpdate(others.key.id, { ownerId: 'anna' })).toMatchObject({ code: 'name_taken' });
      await update(own.key.id, { name: 'Own' });
      await update(others.key.id, { ownerId: 'anna', name: 'Free' });
    });

    test('409 key_limit_reached for moving a key to an owner who has no room', async () => {
      const { id } = await at.createProject({ policy: { maxKeysPerOwner: 1 } });
      await at.createKey(id, { ownerId: 'anna', name: 'a' });
      const { key } = await at.createKey(id, { ownerId: 'ben', name: 'b' });
      expect(await refuseUpdate(key.id, { ownerId: 'anna' })).toMatchObject({ code: 'key_limit_reached' });
      await update(key.id, { ownerId: 'carl' });
      await at.createKey(id, { ownerId: 'ben' });
    });

    test('409 key_revoked for everything about a revoked key', async () => {
      const { id } = await at.createProject();
      const { key } = await at.createKey(id);
      await at.admin.call('revokeKey', { params: { keyId: key.id } });
      for (const body of [{}, { name: 'x' }, { expiresAt: inDays(1) }]) {
        expect(await refuseUpdate(key.id, body)).toMatchObject({ status: 409, code: 'key_revoked' });
      }
    });

    describe('a new expiry revives an expired key', () => {
      test('and it verifies again', async () => {
        const { id } = await at.createProject();
        const { key, secret } = await at.createExpired(id);
        expect((await verify(secret)).code).toBe('expired');
        expect((await update(key.id, { expiresAt: inDays(1) })).key.status).toBe('active');
        expect(await verify(secret)).toMatchObject({ valid: true });
      });

      test('409 key_limit_reached when its place was taken', async () => {
        const { id } = await at.createProject({ policy: { maxKeysPerOwner: 1 } });
        const { key } = await at.createExpired(id, { ownerId: 'anna' });
        const keyId = key.id;
        const { key: replacement } = await at.createKey(id, { ownerId: 'anna', name: 'New' });
        for (const expiresAt of [inDays(1), null]) {
          expect(await refuseUpdate(keyId, { expiresAt })).toMatchObject({ code: 'key_limit_reached' });
        }
        await update(keyId, { description: 'What does not revive it is allowed' });
        await at.admin.call('revokeKey', { params: { keyId: replacement.id } });
        expect((await update(keyId, { expiresAt: null })).key.status).toBe('active');
      });

      test('400 beyond the longest lifetime, which counts anew', async () => {
        const { id } = await at.createProject({ policy: { maxLifetimeDays: 10 } });
        const { key } = await at.createExpired(id);
        const keyId = key.id;
        expect(await refuseUpdate(keyId, { expiresAt: inDays(11) })).toMatchObject({
          errors: [{ path: 'expiresAt' }],
        });
        await update(keyId, { expiresAt: inDays(9) });
      });

      test('and an inactive one stays inactive', async () => {
        const { id } = await at.createProject();
        const { key } = await at.createExpired(id);
        const keyId = key.id;
        expect((await at.admin.call('deactivateKey', { params: { keyId } })).key.status).toBe('expired');
        expect((await update(keyId, { expiresAt: null })).key.status).toBe('inactive');
      });
    });
  });

  describe('activate and deactivate', () => {
    test('switch a key, as often as wanted, and say nothing when there is nothing to do', async () => {
      const { id } = await at.createProject();
      const { key, secret } = await at.createKey(id);
      const params = { keyId: key.id };
      for (let round = 0; round < 2; round++) {
        for (const [name, status, code] of [
          ['deactivateKey', 'inactive', 'inactive'],
          ['activateKey', 'active', 'valid'],
        ] as const) {
          const before = await at.ledgerHead();
          for (let repeat = 0; repeat < 2; repeat++) {
            const answer = await at.admin.call(name, { params });
            expect(answer.key.status).toBe(status);
            expectPropagated(answer.propagation);
            expect((await verify(secret)).code).toBe(code);
          }
          expect(await at.ledgerSince(before)).toHaveLength(1);
        }
      }
    });

    test('409 key_revoked for a revoked key', async () => {
      const { id } = await at.createProject();
      const { key } = await at.createKey(id);
      await at.admin.call('revokeKey', { params: { keyId: key.id } });
      for (const name of ['activateKey', 'deactivateKey'] as const) {
        expect(await at.admin.refuse(name, { params: { keyId: key.id } })).toMatchObject({
          status: 409,
          code: 'key_revoked',
        });
      }
    });

    test('they take an empty object or nothing, and no field', async () => {
      const { id } = await at.createProject();
      const { key } = await at.createKey(id);
      const params = { keyId: key.id };
      await at.admin.call('deactivateKey', { params, body: {} });
      expect(await at.admin.refuse('activateKey', { params, body: { status: 'active' } })).toMatchObject({
        errors: [{ path: 'status' }],
      });
    });
  });

  describe('revoke', () => {
    test('is for good, keeps its reason, and doing it again changes nothing', async () => {
      const { id } = await at.createProject();
      const { key, secret } = await at.createKey(id);
      const params = { keyId: key.id };
      const first = await at.admin.call('revokeKey', { params, body: { reason: ' Left the company ' } });
      expect(first.key).toMatchObject({ status: 'revoked', revokedReason: 'Left the company' });
      expect(Math.abs(Date.parse(first.key.revokedAt ?? '') - Date.now())).toBeLessThan(5000);
      expectPropagated(first.propagation);
      const before = await at.ledgerHead();
      const again = await at.admin.call('revokeKey', { params, body: { reason: 'Another' } });
      expect(again.key).toStrictEqual(first.key);
      expectPropagated(again.propagation);
      expect(await at.ledgerHead()).toBe(before);
      expect(await verify(secret)).toMatchObject({ valid: false, code: 'revoked', key: { id: key.id } });
      expect((await at.admin.call('listKeys', { params: { projectId: id } })).items).toStrictEqual([
        first.key,
      ]);
    });

    test('with its secret in the reason goes on, and keeps the reason without it', async () => {
      const { id } = await at.createProject();
      const { key, secret } = await at.createKey(id);
      const params = { keyId: key.id };
      await at.admin.call('revokeKey', { params, body: { reason: `${secret} was in a chat` } });
      const { revokedReason } = await at.admin.call('getKey', { params });
      expect(revokedReason).toBe('[secret] was in a chat');
      const { items } = await at.admin.call('listLedger', { query: { limit: 5 } });
      expect(JSON.stringify(items)).not.toContain(secret);
    });

    test('needs no reason', async () => {
      const { id } = await at.createProject();
      for (const body of [undefined, {}, { reason: null }]) {
        const { key } = await at.createKey(id);
        const options = { params: { keyId: key.id }, ...(body && { body }) };
        expect((await at.admin.call('revokeKey', options)).key.revokedReason).toBeNull();
      }
    });

    test('works on an inactive and on an expired key', async () => {
      const { id } = await at.createProject();
      const inactive = (await at.createKey(id)).key;
      await at.admin.call('deactivateKey', { params: { keyId: inactive.id } });
      const { key: expired } = await at.createExpired(id);
      for (const { id: keyId } of [inactive, expired]) {
        expect((await at.admin.call('revokeKey', { params: { keyId } })).key.status).toBe('revoked');
      }
    });

    test('at once from many sides, it happens once', async () => {
      const { id } = await at.createProject();
      const { key } = await at.createKey(id);
      const before = await at.ledgerHead();
      const revoke = (_: unknown, index: number) =>
        at.admin.call('revokeKey', { params: { keyId: key.id }, body: { reason: `Reason ${index}` } });
      const answers = await Promise.all(Array.from({ length: 8 }, revoke));
      expect(new Set(answers.map((answer) => answer.key.revokedReason)).size).toBe(1);
      expect(await at.ledgerSince(before)).toHaveLength(1);
    });
  });

  describe('rotate', () => {
    const rotate = (keyId: string, body?: BodyOf<'rotateKey'>) =>
      at.admin.call('rotateKey', { params: { keyId }, ...(body && { body }) });
    const overlapOf = ({ key }: AnswerOf<'rotateKey'>) =>
      Date.parse(key.rotation?.endsAt ?? '') - Date.parse(key.updatedAt);

    test('gives a new secret; the old one works on for 24 hours', async () => {
      const { id } = await at.createProject();
      const { key, secret } = await at.createKey(id, { name: 'Production', ownerId: 'anna' });
      const rotated = await rotate(key.id);
      expect(rotated.secret).toHaveLength(64);
      expect(rotated.secret).not.toBe(secret);
      expect(rotated.key).toStrictEqual({
        ...key,
        display: `${rotated.secret.slice(0, 7)}…${rotated.secret.slice(-4)}`,
        updatedAt: expect.any(String),
        rotation: { endsAt: expect.any(String), previousDisplay: key.display, previousLastUsedAt: null },
      });
      expect(overlapOf(rotated)).toBe(dayMs);
      expectPropagated(rotated.propagation);
      for (const text of [secret, rotated.secret]) expect(await verify(text)).toMatchObject({ valid: true });
    });

    test('with overlap 0 the old one is dead when it answers', async () => {
      const { id } = await at.createProject();
      const { key, secret } = await at.createKey(id);
      expect((await verify(secret)).valid).toBe(true);
      const rotated = await rotate(key.id, { overlapSeconds: 0 });
      expect(rotated.key.rotation).toBeNull();
      expect(await verify(secret)).toMatchObject({ valid: false, code: 'revoked', key: { id: key.id } });
      expect(await verify(rotated.secret)).toMatchObject({ valid: true });
    });

    test('30 days are the most', async () => {
      const { id } = await at.createProject();
      const { key } = await at.createKey(id);
      expect(overlapOf(await rotate(key.id, { overlapSeconds: 2_592_000 }))).toBe(30 * dayMs);
      for (const overlapSeconds of [2_592_001, -1, 0.5, '60', null]) {
        const problem = await at.admin.refuse('rotateKey', {
          params: { keyId: key.id },
          body: { overlapSeconds },
        });
        expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: 'overlapSeconds' }] });
      }
    });

    test('the old one dies by itself when the overlap ends', async () => {
      const { id } = await at.createProject();
      const { key, secret } = await at.createKey(id);
      const rotated = await rotate(key.id, { overlapSeconds: 2 });
      expect((await verify(secret)).valid).toBe(true);
      await expect.poll(async () => (await verify(secret)).code, { timeout: 5000 }).toBe('revoked');
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(rotated.key.rotation?.endsAt ?? '') - 50);
      expect((await get(key.id)).rotation).toBeNull();
      expect((await verify(rotated.secret)).valid).toBe(true);
    });

    test('a second rotation within the overlap ends the first predecessor', async () => {
      const { id } = await at.createProject();
      const { key, secret: first } = await at.createKey(id);
      const { secret: second, key: between } = await rotate(key.id);
      expect((await verify(first)).valid).toBe(true);
      const { secret: third, key: last } = await rotate(key.id, { overlapSeconds: 60 });
      expect(last.rotation?.previousDisplay).toBe(between.display);
      expect((await verify(first)).code).toBe('revoked');
      for (const text of [second, third]) expect((await verify(text)).valid).toBe(true);
    });

    test('rotations at once leave one current secret, and one that is in its overlap', async () => {
      const { id } = await at.createProject();
      const { key } = await at.createKey(id);
      const rotations = await Promise.all(Array.from({ length: 5 }, () => rotate(key.id)));
      const codes = await Promise.all(rotations.map(async ({ secret }) => (await verify(secret)).code));
      expect(codes.sort()).toEqual(['revoked', 'revoked', 'revoked', 'valid', 'valid']);
    });

    test('a pair keeps its public id', async () => {
      const { id } = await at.createProject({ policy: { format: 'pair' } });
      const { key } = await at.createKey(id);
      const { key: rotated, secret } = await rotate(key.id);
      expect(rotated.publicId).toBe(key.publicId);
      const body = { publicId: key.publicId ?? '', secret };
      expect(await at.admin.call('verify', { body })).toMatchObject({ valid: true });
    });

    test('the new secret has the prefix that the policy asks for now', async () => {
      const { id } = await at.createProject();
      const { key } = await at.createKey(id);
      await at.admin.call('updateProject', {
        params: { projectId: id },
        body: { policy: { prefix: 'new' } },
      });
      expect((await rotate(key.id)).secret).toMatch(/^new_/);
    });

    test('409 key_revoked for a revoked key', async () => {
      const { id } = await at.createProject();
      const { key } = await at.createKey(id);
      await at.admin.call('revokeKey', { params: { keyId: key.id } });
      for (const name of ['rotateKey', 'retirePreviousSecret'] as const) {
        expect(await at.admin.refuse(name, { params: { keyId: key.id } })).toMatchObject({
          code: 'key_revoked',
        });
      }
    });

    test('retire-previous ends the overlap, once', async () => {
      const { id } = await at.createProject();
      const { key, secret } = await at.createKey(id);
      const params = { keyId: key.id };
      const nothing = await at.admin.call('retirePreviousSecret', { params });
      expect(nothing.key).toStrictEqual(key);
      const rotated = await rotate(key.id);
      expect((await verify(secret)).valid).toBe(true);
      const before = await at.ledgerHead();
      for (let repeat = 0; repeat < 2; repeat++) {
        const retired = await at.admin.call('retirePreviousSecret', { params });
        expect(retired.key.rotation).toBeNull();
        expectPropagated(retired.propagation);
        expect((await verify(secret)).code).toBe('revoked');
      }
      expect(await at.ledgerSince(before)).toHaveLength(1);
      expect((await verify(rotated.secret)).valid).toBe(true);
    });
  });

  describe('delete', () => {
    test('takes a key off every list for good; the ledger keeps it', async () => {
      const { id: projectId } = await at.createProject();
      const { key, secret } = await at.createKey(projectId, { name: 'Production', ownerId: 'anna' });
      const params = { keyId: key.id };
      const { propagation } = await at.admin.call('deleteKey', { params });
      expectPropagated(propagation);
      for (const name of [
        'getKey',
        'updateKey',
        'deleteKey',
        'revokeKey',
        'activateKey',
        'rotateKey',
      ] as const) {
        const options = { params, ...(name === 'updateKey' && { body: { name: 'x' } }) };
        expect(await at.admin.refuse(name, options)).toMatchObject({ status: 404, code: 'not_found' });
      }
      for (const query of [{}, { search: key.id }, { search: 'Production' }, { status: 'revoked' }]) {
        const { items, page } = await at.admin.call('listKeys', { params: { projectId }, query });
        expect([items, page.total]).toEqual([[], 0]);
      }
      expect((await at.admin.call('getProject', { params: { projectId } })).keyCount).toBe(0);
      expect(await verify(secret)).toStrictEqual({
        valid: false,
        code: 'not_found',
        requestId: expect.any(String),
      });
      const rows = await at.admin.call('listProjectLedger', {
        params: { projectId },
        query: { subject: key.id },
      });
      expect(rows.items.map(({ action, subject }) => [action, subject.name])).toEqual([
        ['key.deleted', 'Production'],
        ['key.created', 'Production'],
      ]);
    });

    test.each(['active', 'inactive', 'revoked', 'expired'])('works on a key that is %s', async (status) => {
      const { id } = await at.createProject();
      const made = status === 'expired' ? await at.createExpired(id) : await at.createKey(id);
      const keyId = made.key.id;
      if (status === 'inactive') await at.admin.call('deactivateKey', { params: { keyId } });
      if (status === 'revoked') await at.admin.call('revokeKey', { params: { keyId } });
      expect((await get(keyId)).status).toBe(status);
      await at.admin.call('deleteKey', { params: { keyId } });
      expect(await at.admin.refuse('getKey', { params: { keyId } })).toMatchObject({ status: 404 });
    });

    test('a secret that is in its overlap dies too', async () => {
      const { id } = await at.createProject();
      const { key, secret } = await at.createKey(id);
      await at.admin.call('rotateKey', { params: { keyId: key.id } });
      expect((await verify(secret)).valid).toBe(true);
      await at.admin.call('deleteKey', { params: { keyId: key.id } });
      expect((await verify(secret)).code).toBe('not_found');
    });
  });
});
