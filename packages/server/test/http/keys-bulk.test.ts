import { expect, test } from 'vitest';
import { newId } from '../../src/domain/id.ts';
import { type Installation, onBothEngines } from '../support/installation.ts';
import { expectNoTrace } from './refusals.ts';

onBothEngines((at) => {
  const begin = async (count: number) => {
    const { id: projectId } = await at.createProject();
    const keys = [];
    for (let i = 0; i < count; i++) keys.push(await at.createKey(projectId));
    return { projectId, params: { projectId }, keys, ids: keys.map(({ key }) => key.id) };
  };

  test('each key succeeds or fails by itself, in the order asked, as its own route would', async () => {
    const { projectId, params, keys, ids } = await begin(4);
    const [active, inactive, revoked, deleted] = ids as [string, string, string, string];
    await at.admin.call('deactivateKey', { params: { keyId: inactive } });
    await at.admin.call('revokeKey', { params: { keyId: revoked } });
    await at.admin.call('deleteKey', { params: { keyId: deleted } });
    const elsewhere = await at.createKey((await at.createProject()).id);
    const unknown = newId('key', Date.now());
    const keyIds = [deleted, active, elsewhere.key.id, revoked, inactive, unknown];
    const before = await at.ledgerHead();

    const { results, propagation } = await at.admin.call('bulkKeys', {
      params,
      body: { action: 'deactivate', keyIds },
    });
    expect(results).toEqual([
      { keyId: deleted, ok: false, code: 'not_found' },
      { keyId: active, ok: true },
      { keyId: elsewhere.key.id, ok: false, code: 'not_found' },
      { keyId: revoked, ok: false, code: 'key_revoked' },
      { keyId: inactive, ok: true },
      { keyId: unknown, ok: false, code: 'not_found' },
    ]);
    expect(propagation).toMatchObject({ nodes: 1, acknowledged: 1 });
    // What already was so needs no row, and what failed has none.
    expect((await at.ledgerSince(before)).map(({ action, subject }) => [action, subject.id])).toEqual([
      ['key.deactivated', active],
    ]);
    expect(await verdicts(at, [keys[0]?.secret, elsewhere.secret])).toEqual(['inactive', 'valid']);
    const { items } = await at.admin.call('listKeys', {
      params: { projectId },
      query: { sort: 'createdAt' },
    });
    expect(items.map(({ status }) => status)).toEqual(['inactive', 'inactive', 'revoked']);
  });

  test('what it takes away is gone when it answers, for each action', async () => {
    const { params, keys, ids } = await begin(3);
    const secrets = keys.map(({ secret }) => secret);
    const steps = [
      ['deactivate', 'inactive', 'key.deactivated'],
      ['activate', 'valid', 'key.activated'],
      ['revoke', 'revoked', 'key.revoked'],
      ['delete', 'not_found', 'key.deleted'],
    ] as const;
    for (const [action, code, row] of steps) {
      // Warm, so that only the change itself can take it out of memory.
      await verdicts(at, secrets);
      const before = await at.ledgerHead();
      const { results } = await at.admin.call('bulkKeys', { params, body: { action, keyIds: ids } });
      expect(await verdicts(at, secrets)).toEqual(ids.map(() => code));
      expect(results).toEqual(ids.map((keyId) => ({ keyId, ok: true })));
      expect((await at.ledgerSince(before)).map((entry) => [entry.action, entry.subject.id])).toEqual(
        ids.map((id) => [row, id]),
      );
    }
  });

  test('a hundred keys at once; the reason of a revocation stays with each', async () => {
    const { params, ids } = await begin(100);
    const body = { action: 'revoke' as const, keyIds: ids, reason: 'Lost with a laptop' };
    const { results } = await at.admin.call('bulkKeys', { params, body });
    expect(results.filter(({ ok }) => ok)).toHaveLength(100);
    for (const keyId of [ids[0], ids[99]]) {
      const key = await at.admin.call('getKey', { params: { keyId: keyId ?? '' } });
      expect(key).toMatchObject({ status: 'revoked', revokedReason: 'Lost with a laptop' });
    }
    await at.admin.call('bulkKeys', { params, body });
    const { revokedAt } = await at.admin.call('getKey', { params: { keyId: ids[0] ?? '' } });
    expect(revokedAt).not.toBeNull();
  });

  test.each([
    ['no key', { keyIds: [] }, 'keyIds'],
    ['a hundred and one', { keyIds: Array.from({ length: 101 }, () => newId('key', 1)) }, 'keyIds'],
    [
      'a key twice',
      { keyIds: ['key_00000000000000000000000000', 'key_00000000000000000000000000'] },
      'keyIds',
    ],
    ['what is no key id', { keyIds: ['key_1'] }, 'keyIds.0'],
    ['another action', { action: 'rotate' }, 'action'],
    ['a reason to switch off', { action: 'deactivate', reason: 'Holidays' }, 'reason'],
  ])('400 for %s', async (_, change, path) => {
    const { params, ids } = await begin(1);
    await expectNoTrace(at, async () => {
      const body = { action: 'revoke', keyIds: ids, ...change };
      const problem = await at.admin.refuse('bulkKeys', { params, body });
      expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path }] });
    });
  });
});

async function verdicts(at: Installation, secrets: (string | undefined)[]): Promise<string[]> {
  const requests = secrets.map((key) => ({ key: key ?? '' }));
  const { results } = await at.admin.call('verifyBatch', { body: { requests } });
  return results.map(({ code }) => code);
}
