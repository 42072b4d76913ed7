import { createHash } from 'node:crypto';
import { keySorts, keyStatuses, type LedgerRow } from '@keywright/contract';
import { describe, expect, test, vi } from 'vitest';
import { newId } from '../../src/domain/id.ts';
import { signUp } from '../support/account.ts';
import { onBothEngines } from '../support/installation.ts';
import { join } from '../support/membership.ts';
import { once } from './once.ts';
import { expectNoTrace } from './refusals.ts';

/* What a member is shown of a project that it shares with others: its own keys, and nothing of any other. */

onBothEngines((at) => {
  const team = once(async () => {
    const { id: projectId } = await at.createProject();
    const params = { projectId };
    const [owner, operator, ann, bob] = [
      await join(at, await signUp(at), projectId, 'owner'),
      await join(at, await signUp(at), projectId, 'operator'),
      await join(at, await signUp(at), projectId, 'member'),
      await join(at, await signUp(at), projectId, 'member'),
    ];
    const { id: channelId } = await at.createChannel(projectId);
    const make = async (caller: typeof ann, body: object) => caller.call('createKey', { params, body });
    const own = [
      await make(ann, { name: 'Shared name', description: 'harvest' }),
      await make(ann, { name: 'Bound', channelId }),
      await make(operator, { name: 'Given', ownerId: ann.id }),
      await make(ann, { name: 'Dead' }),
    ];
    const others = [
      await make(bob, { name: 'Shared name', description: 'harvest' }),
      await make(bob, { name: 'Bound', channelId }),
      await make(operator, { name: 'For a customer', description: 'harvest', ownerId: 'customer-harvest' }),
      await make(operator, { name: 'For nobody', description: 'harvest' }),
    ];
    await ann.call('revokeKey', { params: { keyId: own[3]?.key.id ?? '' }, body: { reason: 'Lost' } });
    const asking = await at.createServiceKey(projectId, ['verify']);
    for (const { secret } of [...own, ...others])
      await asking.call('verify', { body: { key: secret, ip: '203.0.113.7' } });
    const [ownIds, otherIds] = [own, others].map((keys) => keys.map(({ key }) => key.id)) as [
      string[],
      string[],
    ];
    await vi.waitUntil(
      async () => {
        const { items } = await owner.call('listKeys', { params });
        return items.filter(({ lastUsedAt }) => lastUsedAt !== null).length === 7;
      },
      { timeout: 10_000, interval: 50 },
    );
    return { projectId, params, owner, operator, ann, bob, asking, channelId, own, others, ownIds, otherIds };
  });

  describe('lists of keys', () => {
    test('hold its own in every order, counted alone', async () => {
      const { params, ann, operator, ownIds, otherIds } = await team();
      for (const sort of keySorts) {
        const { items, page } = await ann.call('listKeys', { params, query: { sort } });
        expect(items.map(({ id }) => id).sort()).toEqual([...ownIds].sort());
        expect(page).toMatchObject({ total: 4, to: 4, next: null });
        const all = await operator.call('listKeys', { params, query: { sort } });
        expect(all.items.map(({ id }) => id).sort()).toEqual([...ownIds, ...otherIds].sort());
      }
    });

    test('find nothing of others by any filter', async () => {
      const { params, ann, bob, own, others, ownIds, channelId } = await team();
      const find = async (query: Record<string, string>) => {
        const { items, page } = await ann.call('listKeys', { params, query });
        expect(page.total).toBe(items.length);
        for (const { id } of items) expect(ownIds).toContain(id);
        return items.length;
      };
      for (const { key } of others) expect(await find({ search: key.id })).toBe(0);
      expect(await find({ search: own[0]?.key.id ?? '' })).toBe(1);
      expect(await find({ search: 'harvest' })).toBe(1);
      expect(await find({ search: 'Shared name' })).toBe(1);
      expect(await find({ search: bob.id })).toBe(0);
      expect(await find({ ownerId: bob.id })).toBe(0);
      expect(await find({ ownerId: 'customer-harvest' })).toBe(0);
      expect(await find({ ownerId: ann.id })).toBe(4);
      expect(await find({ channelId })).toBe(1);
      const byStatus = await Promise.all(keyStatuses.map((status) => find({ status })));
      expect(byStatus).toEqual([3, 0, 1, 0]);
    });

    test('go on from no cursor of somebody else', async () => {
      const { params, operator, ann, bob } = await team();
      for (const other of [operator, bob]) {
        const { page } = await other.call('listKeys', { params, query: { limit: 1 } });
        const query = { limit: 1, cursor: page.next ?? '' };
        expect(await ann.refuse('listKeys', { params, query })).toMatchObject({
          code: 'validation_failed',
          errors: [{ path: 'cursor' }],
        });
      }
    });
  });

  test('usage is of its own keys, also where others are named', async () => {
    const { params, owner, ann, ownIds, otherIds } = await team();
    const valid = async (caller: typeof ann, query: Record<string, string> = {}) => {
      const { buckets } = await caller.call('getProjectUsage', { params, query });
      return buckets.filter(({ code }) => code === 'valid').reduce((sum, { count }) => sum + count, 0);
    };
    expect(await valid(owner)).toBe(7);
    expect(await valid(ann)).toBe(3);
    expect(await valid(ann, { keyIds: [...ownIds, ...otherIds].join(',') })).toBe(3);
    expect(await valid(ann, { keyIds: otherIds.join(',') })).toBe(0);
    const { origins } = await ann.call('getProjectUsage', { params, query: { keyIds: otherIds.join(',') } });
    expect(origins).toEqual([]);
  });

  describe('the ledger', () => {
    const subjectsOf = (rows: LedgerRow[]) => new Set(rows.map(({ subject }) => subject.id));

    test('tells a member of its own keys, on pages and as an export', async () => {
      const { projectId, params, ann, ownIds, otherIds } = await team();
      const { items, page } = await ann.call('listProjectLedger', { params, query: { limit: 100 } });
      expect(subjectsOf(items)).toEqual(new Set(ownIds));
      expect(page.total).toBe(5);
      const exported = await ann.request('GET', `/v1/projects/${projectId}/ledger`, {
        headers: { Accept: 'application/x-ndjson' },
      });
      const rows = exported.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as LedgerRow);
      expect(rows.map(({ seq }) => seq)).toEqual(items.map(({ seq }) => seq).reverse());
      for (const subject of [...otherIds, projectId, ann.id]) {
        const found = await ann.call('listProjectLedger', { params, query: { subject } });
        expect([found.items, found.page.total]).toEqual([[], 0]);
      }
      const added = await ann.call('listProjectLedger', { params, query: { action: 'member.added' } });
      expect(added.items).toEqual([]);
    });

    test('tells an operator of channels and keys, and an owner of everything', async () => {
      const { params, owner, operator } = await team();
      const kindsFor = async (caller: typeof owner) => {
        const { items } = await caller.call('listProjectLedger', { params, query: { limit: 100 } });
        return [...new Set(items.map(({ subject }) => subject.type))].sort();
      };
      expect(await kindsFor(operator)).toEqual(['channel', 'key']);
      expect(await kindsFor(owner)).toEqual([
        'account',
        'channel',
        'invitation',
        'key',
        'project',
        'service_key',
      ]);
    });
  });

  test('many keys at once: others are not there, and stay as they are', async () => {
    const { params, ann, ownIds, otherIds, owner } = await team();
    const keyIds = [...otherIds, ownIds[0] ?? ''];
    for (const action of ['deactivate', 'activate'] as const) {
      const { results } = await ann.call('bulkKeys', { params, body: { action, keyIds } });
      expect(results).toEqual([
        ...otherIds.map((keyId) => ({ keyId, ok: false, code: 'not_found' })),
        { keyId: ownIds[0], ok: true },
      ]);
    }
    const { items } = await owner.call('listKeys', { params });
    for (const { id, status } of items) if (otherIds.includes(id)) expect(status).toBe('active');
  });

  test('a found secret of somebody else is unknown', async () => {
    const { ann, own, others } = await team();
    const identify = ({ secret }: { secret: string }) => ({
      body: { sha256: createHash('sha256').update(secret).digest('hex') },
    });
    for (const key of others)
      expect(await ann.refuse('identifyKey', identify(key))).toMatchObject({ status: 404 });
    for (const { key, secret } of own)
      expect((await ann.call('identifyKey', identify({ secret }))).key.id).toBe(key.id);
  });

  test('why a request with somebody else’s key was refused is not for it to know', async () => {
    const { projectId, operator, ann, asking, own, others } = await team();
    const refusedWith = async (secret: string) => {
      const { requestId } = await asking.call('verify', { body: { key: secret, scopes: ['none'] } });
      const params = { projectId, requestId };
      await vi.waitUntil(async () => (await operator.send('getRefusal', { params })).status === 200, {
        timeout: 10_000,
        interval: 50,
      });
      return params;
    };
    const [mine, another] = [
      await refusedWith(own[0]?.secret ?? ''),
      await refusedWith(others[0]?.secret ?? ''),
    ];
    expect((await ann.call('getRefusal', { params: mine })).key).toMatchObject({ id: own[0]?.key.id });
    expect(await ann.refuse('getRefusal', { params: another })).toMatchObject({ status: 404 });
    const listed = async (query: Record<string, string>) => {
      const { items, page } = await ann.call('listRefusals', { params: { projectId }, query });
      expect(page.total).toBe(items.length);
      for (const { key } of items) expect(own.map(({ key: { id } }) => id)).toContain(key?.id);
      return items.map(({ requestId }) => requestId);
    };
    // The first one was of its dead key.
    expect((await listed({}))[0]).toBe(mine.requestId);
    for (const query of [{ keyId: own[0]?.key.id ?? '' }, { code: 'insufficient_scope' }])
      expect(await listed(query)).toEqual([mine.requestId]);
    for (const { key } of others) expect(await listed({ keyId: key.id })).toEqual([]);
  });

  describe('whose a key is', () => {
    test('is not for a member to say', async () => {
      const { params, ann, bob, ownIds } = await team();
      await expectNoTrace(at, async () => {
        for (const ownerId of [ann.id, bob.id, 'customer-1', null]) {
          const problem = await ann.refuse('createKey', { params, body: { ownerId } });
          expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: 'ownerId' }] });
          const patch = { params: { keyId: ownIds[0] ?? '' }, body: { ownerId } };
          expect(await ann.refuse('updateKey', patch)).toMatchObject({ status: 403, code: 'forbidden' });
        }
        const keys = [{ name: 'In', ownerId: ann.id, sha256: 'a'.repeat(64) }];
        expect(await ann.refuse('importKeys', { params, body: { keys } })).toMatchObject({ status: 403 });
      });
    });

    test('can be an account only if it is a member, whoever says so', async () => {
      const { params, owner, operator, bob, otherIds } = await team();
      const stranger = await signUp(at);
      const keyId = otherIds[3] ?? '';
      await expectNoTrace(at, async () => {
        for (const caller of [owner, operator, at.admin]) {
          for (const ownerId of [stranger.id, newId('account', 1), 'acc_', `${bob.id}x`]) {
            const refusals = [
              await caller.refuse('createKey', { params, body: { ownerId } }),
              await caller.refuse('updateKey', { params: { keyId }, body: { ownerId } }),
              await caller.refuse('importKeys', {
                params,
                body: { keys: [{ name: 'In', ownerId, sha256: 'a'.repeat(64) }] },
              }),
            ];
            for (const problem of refusals)
              expect(problem, ownerId).toMatchObject({ status: 400, code: 'owner_not_member' });
          }
        }
      });
      const { key } = await operator.call('updateKey', {
        params: { keyId },
        body: { ownerId: 'customer-2' },
      });
      expect(key.ownerId).toBe('customer-2');
    });
  });
});
