import { setTimeout as sleep } from 'node:timers/promises';
import { maxUsageBuckets, type Usage } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { newId } from '../../src/domain/id.ts';
import { signUp } from '../support/account.ts';
import type { Client } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';
import { join } from '../support/membership.ts';
import { expectSince } from '../support/moment.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const iso = (ms: number) => new Date(ms).toISOString();
/** Longer than counts wait to be written. */
const soon = { timeout: 10_000, interval: 50 };

onBothEngines((at) => {
  const verify = (key: string, question: object = {}) =>
    at.admin.call('verify', { body: { key, ...question } });
  const usageOf = (keyId: string, query = {}) => at.admin.call('getKeyUsage', { params: { keyId }, query });
  const usageIn = (projectId: string, query = {}, caller: Client = at.admin) =>
    caller.call('getProjectUsage', { params: { projectId }, query });

  describe('counts', () => {
    test('tell every outcome of a key’s verifications, whichever way they were asked', async () => {
      const { id: projectId } = await at.createProject();
      const { key, secret } = await at.createKey(projectId, { scopes: ['read'] });
      for (let i = 0; i < 3; i++) await verify(secret);
      await verify(secret, { scopes: ['write'] });
      await at.admin.call('verifyBatch', {
        body: { requests: [{ key: secret }, { key: 'x' }, { key: secret }] },
      });
      const expected = { 'current valid': 5, 'current insufficient_scope': 1 };
      await expect.poll(async () => totals(await usageOf(key.id)), soon).toEqual(expected);
      expect(totals(await usageIn(projectId))).toEqual(expected);
    });

    test('keep a key’s secrets apart: the one of now, and those before', async () => {
      const { id: projectId } = await at.createProject();
      const { key, secret: first } = await at.createKey(projectId);
      const params = { keyId: key.id };
      for (let i = 0; i < 3; i++) await verify(first);
      const { secret: second } = await at.admin.call('rotateKey', { params });
      for (let i = 0; i < 2; i++) await verify(second);
      await verify(first);
      await expect
        .poll(async () => totals(await usageOf(key.id)), soon)
        .toEqual({ 'previous valid': 4, 'current valid': 2 });
      // What a project is told is what each secret was at that time.
      expect(totals(await usageIn(projectId))).toEqual({ 'current valid': 5, 'previous valid': 1 });
      await at.admin.call('retirePreviousSecret', { params });
      await verify(first);
      await expect
        .poll(async () => totals(await usageOf(key.id)), soon)
        .toEqual({ 'previous valid': 4, 'previous revoked': 1, 'current valid': 2 });
    });

    test('are in the bucket of their time', async () => {
      const { id: projectId } = await at.createProject();
      const { key, secret } = await at.createKey(projectId);
      const before = Date.now();
      await verify(secret);
      const after = Date.now();
      for (const [bucket, ms] of [
        ['minute', 60_000],
        ['hour', hourMs],
        ['day', dayMs],
      ] as const) {
        const read = async () => (await usageOf(key.id, { bucket })).buckets;
        await expect.poll(read, soon).toHaveLength(1);
        const [found] = await read();
        const place = Date.parse(found?.at ?? '');
        expect(place % ms).toBe(0);
        expect(place).toBeGreaterThan(before - ms);
        expect(place).toBeLessThanOrEqual(after);
        expect(found).toEqual({ at: iso(place), secret: 'current', code: 'valid', count: 1 });
        // Up to where the bucket begins, it is not in it; and one millisecond more is the whole of it.
        expect((await usageOf(key.id, { bucket, from: iso(place - ms), to: iso(place) })).buckets).toEqual(
          [],
        );
        const whole = { bucket, from: iso(place + ms - 1), to: iso(place + ms) };
        expect((await usageOf(key.id, whole)).buckets).toHaveLength(1);
        const late = { bucket, from: iso(place + ms), to: iso(place + 2 * ms) };
        expect((await usageOf(key.id, late)).buckets).toEqual([]);
      }
    });

    test('of several keys are told by key; what is not the caller’s to see is left out', async () => {
      const [own, other] = [await at.createProject(), await at.createProject()];
      const keys = [await at.createKey(own.id), await at.createKey(own.id), await at.createKey(own.id)];
      const strange = await at.createKey(other.id);
      for (const [i, { secret }] of [...keys, strange].entries()) {
        for (let n = 0; n <= i; n++) await verify(secret, { ip: `10.0.0.${i}` });
      }
      const ids = [keys[0], keys[2], strange].map((made) => made?.key.id ?? '');
      const keyIds = [...ids, ids[0], newId('key', Date.now())].join(',');
      const caller = await at.createServiceKey(own.id, ['usage:read']);
      const read = async () => {
        const { buckets } = await usageIn(own.id, { keyIds, bucket: 'day' }, caller);
        return Object.fromEntries(buckets.map(({ keyId, count }) => [keyId, count]));
      };
      await expect.poll(read, soon).toEqual({ [ids[0] ?? '']: 1, [ids[2 - 1] ?? '']: 3 });
      const { origins } = await usageIn(own.id, { keyIds }, caller);
      expect(origins.map(({ ip, count }) => [ip, count])).toEqual([
        ['10.0.0.2', 3],
        ['10.0.0.0', 1],
      ]);
      expect(totals(await usageIn(own.id, {}, caller))).toEqual({ 'current valid': 6 });
    });

    test('outlive a key in the sums of its project', async () => {
      const { id: projectId } = await at.createProject();
      const { key, secret } = await at.createKey(projectId);
      await verify(secret, { ip: '10.0.0.1' });
      await expect.poll(async () => totals(await usageOf(key.id)), soon).toEqual({ 'current valid': 1 });
      await at.admin.call('deleteKey', { params: { keyId: key.id } });
      expect(await verify(secret)).toMatchObject({ code: 'not_found' });
      expect(await at.admin.refuse('getKeyUsage', { params: { keyId: key.id } })).toMatchObject({
        status: 404,
      });
      const gone = await usageIn(projectId, { keyIds: key.id });
      expect(gone).toEqual({ buckets: [], origins: [] });
      expect(totals(await usageIn(projectId))).toEqual({ 'current valid': 1 });
    });

    test('of others’ keys are hidden from a member, in the sums as well; operators and owners see all', async () => {
      const [owner, operator, member] = [await signUp(at), await signUp(at), await signUp(at)];
      const { id: projectId } = await at.createProject();
      await join(at, owner, projectId, 'owner');
      await join(at, operator, projectId, 'operator');
      await join(at, member, projectId, 'member');
      const own = await member.call('createKey', { params: { projectId } });
      const former = await member.call('createKey', { params: { projectId } });
      const others = await at.createKey(projectId, { ownerId: owner.id });
      for (const [i, { secret }] of [own, former, others].entries()) {
        for (let n = 0; n <= i; n++) await verify(secret, { ip: `10.0.0.${i}` });
      }
      await expect.poll(async () => totals(await usageIn(projectId)), soon).toEqual({ 'current valid': 6 });
      await at.admin.call('deleteKey', { params: { keyId: former.key.id } });

      const keyIds = [own, former, others].map(({ key }) => key.id).join(',');
      const seen = async (who: Client) => {
        const [all, some] = [await usageIn(projectId, {}, who), await usageIn(projectId, { keyIds }, who)];
        const ips = (usage: Usage) => usage.origins.map(({ ip }) => ip).sort();
        const ids = some.buckets.map(({ keyId }) => keyId);
        return { sum: totals(all)['current valid'], ips: [ips(all), ips(some)], ids };
      };
      const [a, b, c] = ['10.0.0.0', '10.0.0.1', '10.0.0.2'];
      // Its own of today and of yesterday count as its own.
      expect(await seen(member)).toEqual({ sum: 3, ips: [[a, b], [a]], ids: [own.key.id] });
      for (const who of [owner, operator, at.admin]) {
        const ids = [own.key.id, others.key.id];
        expect(await seen(who)).toEqual({
          sum: 6,
          ips: [
            [a, b, c],
            [a, c],
          ],
          ids,
        });
      }
      const params = { keyId: others.key.id };
      expect(await member.refuse('getKeyUsage', { params })).toMatchObject({ status: 404 });
      expect(totals(await operator.call('getKeyUsage', { params }))).toEqual({ 'current valid': 3 });
      const stranger = await signUp(at);
      expect(await stranger.refuse('getProjectUsage', { params: { projectId } })).toMatchObject({
        status: 404,
      });
    });

    test('append nothing to the ledger', async () => {
      const { id: projectId } = await at.createProject();
      const { key, secret } = await at.createKey(projectId);
      const head = await at.ledgerHead();
      await verify(secret);
      await expect.poll(async () => totals(await usageOf(key.id)), soon).toEqual({ 'current valid': 1 });
      expect(await at.ledgerHead()).toBe(head);
    });
  });

  describe('the last use', () => {
    test('is told of a key with time, address and agent, and is what a list is sorted by', async () => {
      const { id: projectId } = await at.createProject();
      const keys = [];
      for (let i = 0; i < 3; i++) keys.push(await at.createKey(projectId));
      const [a, b, unused] = keys.map(({ key }) => key.id);
      const before = Date.now();
      await verify(keys[0]?.secret ?? '', { ip: '10.0.0.1', userAgent: 'first' });
      await verify(keys[1]?.secret ?? '', { ip: '2001:db8::1', userAgent: 'curl/8 \u0007\u202e' });
      await verify(keys[0]?.secret ?? '', { scopes: ['none'], ip: '10.0.0.9' });
      const list = async (sort: string) => {
        const { items } = await at.admin.call('listKeys', { params: { projectId }, query: { sort } });
        return items.map(({ id }) => id);
      };
      await expect.poll(() => list('-lastUsedAt'), soon).toEqual([b, a, unused]);
      expect(await list('lastUsedAt')).toEqual([a, b, unused]);
      const get = (keyId = '') => at.admin.call('getKey', { params: { keyId } });
      const shown = await get(b);
      expect(shown).toMatchObject({ lastUsedIp: '2001:db8::1', lastUsedAgent: 'curl/8' });
      expectSince(before, shown.lastUsedAt);
      // A refused request is no use.
      expect(await get(a)).toMatchObject({ lastUsedIp: '10.0.0.1', lastUsedAgent: 'first' });
      expect(await get(unused)).toMatchObject({ lastUsedAt: null, lastUsedIp: null, lastUsedAgent: null });
    });

    test('of the previous secret is its own', async () => {
      const { id: projectId } = await at.createProject();
      const { key, secret: first } = await at.createKey(projectId);
      const params = { keyId: key.id };
      const { secret: second } = await at.admin.call('rotateKey', { params });
      const get = () => at.admin.call('getKey', { params });
      await verify(second);
      await expect.poll(async () => (await get()).lastUsedAt, soon).not.toBeNull();
      expect((await get()).rotation?.previousLastUsedAt).toBeNull();
      await verify(first);
      const previous = async () => (await get()).rotation?.previousLastUsedAt ?? null;
      await expect.poll(previous, soon).not.toBeNull();
      const usedAt = await previous();
      expect((await get()).lastUsedAt).toBe(usedAt);
      await verify(second);
      await expect.poll(async () => (await get()).lastUsedAt, soon).not.toBe(usedAt);
      expect(await previous()).toBe(usedAt);
    });

    test('of a service key is when it called', async () => {
      const idle = await at.createServiceKey(null);
      const caller = await at.createServiceKey(null, ['usage:read']);
      const { id: projectId } = await at.createProject();
      const before = Date.now();
      await caller.call('getProjectUsage', { params: { projectId } });
      const find = async (id: string) => {
        const { items } = await at.admin.call('listServiceKeys', { query: { limit: 100 } });
        return items.find((item) => item.id === id);
      };
      await expect.poll(async () => (await find(caller.id))?.lastUsedAt, soon).not.toBeNull();
      expectSince(before, (await find(caller.id))?.lastUsedAt);
      expect((await find(idle.id))?.lastUsedAt).toBeNull();
    });
  });

  test('origins are the last sixteen, each with its count', async () => {
    const { id: projectId } = await at.createProject();
    const { key, secret } = await at.createKey(projectId);
    for (let i = 0; i < 20; i++) {
      await verify(secret, { ip: `10.0.0.${i}`, userAgent: `agent ${i % 2}` });
      // Times are kept to the millisecond.
      await sleep(2);
    }
    await verify(secret, { ip: '10.0.0.19', userAgent: 'agent 1' });
    await verify(secret);
    await expect.poll(async () => totals(await usageOf(key.id)), soon).toEqual({ 'current valid': 22 });
    const { origins } = await usageOf(key.id);
    expect(origins.map(({ ip }) => ip)).toEqual(Array.from({ length: 16 }, (_, i) => `10.0.0.${19 - i}`));
    expect(origins[0]).toMatchObject({ userAgent: 'agent 1', count: 2 });
    expect((await usageIn(projectId)).origins).toEqual(origins);
  });

  describe('a time that cannot be told is refused in a sentence', () => {
    const now = Date.now();
    const cases: [string, Record<string, string>, string, RegExp][] = [
      ['ends where it begins', { from: iso(now), to: iso(now) }, 'from', /before `to`/],
      ['ends before it begins', { from: iso(now), to: iso(now - 1) }, 'from', /before `to`/],
      ['begins in the future', { from: iso(now + dayMs) }, 'from', /before `to`/],
      [
        'has too many minutes',
        { from: iso(now - 2 * dayMs), bucket: 'minute' },
        'from',
        /1500 are the most.*bucket=hour/,
      ],
      ['has too many hours', { from: iso(now - 80 * dayMs) }, 'from', /1500 are the most.*bucket=day/],
      ['has too many days', { from: '0000-01-01T00:00:00Z', bucket: 'day' }, 'from', /1500 are the most/],
      [
        'asks for minutes that are rolled up',
        { from: iso(now - 9 * dayMs), to: iso(now - 8.5 * dayMs), bucket: 'minute' },
        'from',
        /7 days.*bucket=hour/,
      ],
      [
        'asks for hours that are rolled up',
        { from: iso(now - 93 * dayMs), to: iso(now - 92.5 * dayMs) },
        'from',
        /90 days.*bucket=day/,
      ],
      ['is no time', { from: 'yesterday' }, 'from', /RFC 3339/],
      ['has no such bucket', { bucket: 'week' }, 'bucket', /minute, hour, day/],
    ];
    test.each(cases)('one that %s', async (_, query, path, message) => {
      const { id: projectId } = await at.createProject();
      const { key } = await at.createKey(projectId);
      for (const [name, params] of [
        ['getKeyUsage', { keyId: key.id }],
        ['getProjectUsage', { projectId }],
      ] as const) {
        const problem = await at.admin.refuse(name, { params, query });
        expect(problem).toMatchObject({ status: 400, code: 'validation_failed', errors: [{ path }] });
        expect(problem.errors?.[0]?.message).toMatch(message);
      }
    });

    test('all that is promised can be asked for', async () => {
      const { id: projectId } = await at.createProject();
      const { key } = await at.createKey(projectId);
      for (const query of [
        { bucket: 'minute', from: iso(Date.now() - dayMs) },
        { bucket: 'minute', from: iso(now - 7 * dayMs), to: iso(now - 6 * dayMs) },
        { bucket: 'hour', from: iso(now - 90 * dayMs), to: iso(now - 30 * dayMs) },
        { bucket: 'day', from: iso(now - (maxUsageBuckets - 1) * dayMs) },
        { to: iso(now + dayMs) },
      ]) {
        expect(await usageOf(key.id, query), JSON.stringify(query)).toEqual({ buckets: [], origins: [] });
      }
    });
  });

  test('ids of keys that are none, too many, or too many for the time are refused', async () => {
    const { id: projectId } = await at.createProject();
    const ids = (count: number) => Array.from({ length: count }, () => newId('key', Date.now())).join(',');
    for (const [query, message] of [
      [{ keyIds: '' }, /key id/],
      [{ keyIds: `${ids(1)},` }, /key id/],
      [{ keyIds: projectId }, /key id/],
      [{ keyIds: ids(101) }, /at most 100/],
      [{ keyIds: ids(100), bucket: 'minute' }, /10000 are the most/],
    ] as const) {
      const problem = await at.admin.refuse('getProjectUsage', { params: { projectId }, query });
      expect(problem).toMatchObject({ status: 400, code: 'validation_failed' });
      expect(problem.errors?.[0]?.path).toMatch(/^keyIds/);
      expect(problem.errors?.[0]?.message).toMatch(message);
    }
    expect(await usageIn(projectId, { keyIds: ids(100) })).toEqual({ buckets: [], origins: [] });
    const { key } = await at.createKey(projectId);
    const problem = await at.admin.refuse('getKeyUsage', {
      params: { keyId: key.id },
      query: { keyIds: key.id },
    });
    expect(problem).toMatchObject({ status: 400 });
  });

  test('metrics tell that usage is written, on time, and that none of it is missing', async () => {
    const { id: projectId } = await at.createProject();
    await verify((await at.createKey(projectId)).secret);
    const read = async () => {
      const { text } = await at.admin.request('GET', '/metrics', { headers: { Authorization: '' } });
      const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
      return value;
    };
    await expect
      .poll(async () => (await read())('keywright_usage_batches_written_total'), soon)
      .toBeGreaterThan(0);
    const value = await read();
    expect(value('keywright_usage_lag_seconds')).toBeLessThan(5);
    for (const name of ['batches_failed', 'verifications_dropped', 'refusals_dropped']) {
      expect(value(`keywright_usage_${name}_total`)).toBe(0);
    }
  });
});

/** How often each outcome was counted, by secret and code. */
function totals({ buckets }: Usage): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { secret, code, count } of buckets) {
    const name = `${secret} ${code}`;
    sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}
