import { type Key, type KeySort, keySorts } from '@keywright/contract';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CallOptions } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';

type Query = NonNullable<CallOptions<unknown>['query']>;

onBothEngines((at) => {
  const list = (projectId: string, query: Query = {}) =>
    at.admin.call('listKeys', { params: { projectId }, query });
  const refuse = (projectId: string, query: Query) =>
    at.admin.refuse('listKeys', { params: { projectId }, query });
  const idsOf = (items: Key[]) => items.map(({ id }) => id);

  test('an empty list is a page of nothing', async () => {
    const { id } = await at.createProject();
    expect(await list(id)).toStrictEqual({
      items: [],
      page: { next: null, previous: null, from: 0, to: 0, total: 0, totalIsExact: true },
    });
  });

  test('a page has 20 keys unless it is told otherwise, newest first', async () => {
    const { id } = await at.createProject();
    const made: string[] = [];
    for (let i = 0; i < 21; i++) made.push((await at.createKey(id)).key.id);
    const { items, page } = await list(id);
    expect(idsOf(items)).toEqual(made.toReversed().slice(0, 20));
    expect(page).toMatchObject({ previous: null, from: 1, to: 20, total: 21, totalIsExact: true });
    expect((await list(id, { limit: 100 })).items).toHaveLength(21);
  });

  test.each(keySorts)(
    'a page whose keys were deleted leads back to those that are left: %s',
    async (sort) => {
      const { id } = await at.createProject();
      const made: string[] = [];
      for (let i = 0; i < 5; i++) made.push((await at.createKey(id, { name: `Key ${i}` })).key.id);
      const first = await list(id, { limit: 3, sort });
      const kept = idsOf(first.items);
      for (const keyId of made.filter((each) => !kept.includes(each)))
        await at.admin.call('deleteKey', { params: { keyId } });
      const empty = await list(id, { limit: 3, sort, cursor: first.page.next ?? '' });
      expect(empty).toMatchObject({ items: [], page: { next: null, from: 0, to: 0, total: 3 } });
      const back = await list(id, { limit: 3, sort, cursor: empty.page.previous ?? '' });
      expect(idsOf(back.items)).toEqual(kept);
      expect(back.page).toMatchObject({ next: null, previous: null, from: 1, to: 3 });
      const tail = await list(id, { limit: 2, sort, cursor: empty.page.previous ?? '' });
      expect(idsOf(tail.items)).toEqual(kept.slice(1));
    },
  );

  test.each(['0', '-1', '101', '1.5', 'x', '', ' ', '1e400', 'NaN', '10 OR 1=1'])(
    '400 for the limit %j',
    async (limit) => {
      const { id } = await at.createProject();
      const problem = await refuse(id, { limit });
      expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: 'limit' }] });
    },
  );

  describe('with keys of all kinds', () => {
    let projectId = '';
    let channelId = '';
    let keys: Record<'plain' | 'inactive' | 'revoked' | 'expired' | 'bound' | 'late' | 'early', Key>;
    const byId = (id: string) => Object.values(keys).find((key) => key.id === id)?.name;

    beforeAll(async () => {
      projectId = (await at.createProject()).id;
      channelId = (await at.createChannel(projectId)).id;
      const make = async (body: Parameters<typeof at.createKey>[1]) =>
        (await at.createKey(projectId, body)).key;
      // Names whose order by code point is neither that of a dictionary nor that of UTF-16.
      const { key: expired } = await at.createExpired(projectId, { name: 'zulu' });
      keys = {
        expired,
        plain: await make({ name: 'Alpha', ownerId: 'anna', description: 'Batch 100% of_it' }),
        inactive: await make({ name: 'alpha', ownerId: 'ben' }),
        revoked: await make({ name: 'Größe', ownerId: 'anna' }),
        bound: await make({ name: '\u{ff5e}', channelId, ownerId: 'ANNA-2' }),
        late: await make({ name: '\u{1f511}', expiresAt: '2099-01-01T00:00:00Z' }),
        early: await make({ name: 'Beta', expiresAt: '2050-01-01T00:00:00Z' }),
      };
      await at.admin.call('deactivateKey', { params: { keyId: keys.inactive.id } });
      await at.admin.call('revokeKey', { params: { keyId: keys.revoked.id } });
      const deleted = await make({ name: 'gone', ownerId: 'anna' });
      await at.admin.call('deleteKey', { params: { keyId: deleted.id } });
      // Somebody else's, which no list here may hold.
      const other = await at.createProject();
      await at.createKey(other.id, { name: 'Alpha', ownerId: 'anna' });
    });

    const expectFound = async (query: Query, expected: (keyof typeof keys)[]) => {
      const { items, page } = await list(projectId, query);
      expect(idsOf(items).map(byId).sort()).toEqual(expected.map((name) => keys[name].name).sort());
      expect(page.total).toBe(expected.length);
    };

    test('status: each key is in exactly one list', async () => {
      await expectFound({ status: 'active' }, ['plain', 'bound', 'late', 'early']);
      await expectFound({ status: 'inactive' }, ['inactive']);
      await expectFound({ status: 'revoked' }, ['revoked']);
      await expectFound({ status: 'expired' }, ['expired']);
      for (const status of ['active', 'inactive', 'revoked', 'expired']) {
        for (const key of (await list(projectId, { status })).items) expect(key.status).toBe(status);
      }
      expect(await refuse(projectId, { status: 'deleted' })).toMatchObject({ errors: [{ path: 'status' }] });
    });

    test('ownerId: exactly that one', async () => {
      await expectFound({ ownerId: 'anna' }, ['plain', 'revoked']);
      await expectFound({ ownerId: 'ANNA' }, []);
      await expectFound({ ownerId: 'ann' }, []);
    });

    test('channelId', async () => {
      await expectFound({ channelId }, ['bound']);
      expect(await refuse(projectId, { channelId: 'weather' })).toMatchObject({
        errors: [{ path: 'channelId' }],
      });
    });

    test('search: a part of name, description or owner, in any case', async () => {
      await expectFound({ search: 'ALPHA' }, ['plain', 'inactive']);
      await expectFound({ search: 'lph' }, ['plain', 'inactive']);
      await expectFound({ search: 'gRÖß' }, ['revoked']);
      await expectFound({ search: 'batch 100' }, ['plain']);
      await expectFound({ search: 'anna' }, ['plain', 'revoked', 'bound']);
      await expectFound({ search: '\u{1f511}' }, ['late']);
      await expectFound({ search: 'nothing like this' }, []);
    });

    test('search: what means something to a database means nothing here', async () => {
      await expectFound({ search: '%' }, ['plain']);
      await expectFound({ search: '_' }, ['plain']);
      await expectFound({ search: '0% o' }, ['plain']);
      await expectFound({ search: 'a%a' }, []);
      await expectFound({ search: 'alph_' }, []);
      await expectFound({ search: '\\' }, []);
      await expectFound({ search: "' OR '1'='1" }, []);
    });

    test('search: an id as a whole, and no part of it', async () => {
      await expectFound({ search: keys.late.id }, ['late']);
      await expectFound({ search: keys.late.id.slice(0, -1) }, []);
      await expectFound({ search: keys.late.id.toUpperCase() }, []);
    });

    test('filters together all hold', async () => {
      await expectFound({ ownerId: 'anna', status: 'active', search: 'alpha' }, ['plain']);
      await expectFound({ ownerId: 'anna', status: 'inactive' }, []);
    });

    const names = (...list: (keyof typeof keys)[]) => list.map((name) => keys[name].id);
    const orders: Record<KeySort, () => string[]> = {
      createdAt: () => names('expired', 'plain', 'inactive', 'revoked', 'bound', 'late', 'early'),
      '-createdAt': () => orders.createdAt().toReversed(),
      name: () => names('plain', 'early', 'revoked', 'inactive', 'expired', 'bound', 'late'),
      '-name': () => orders.name().toReversed(),
      // Those that never expire stand last both ways; ties go by the id.
      expiresAt: () => names('expired', 'early', 'late', 'plain', 'inactive', 'revoked', 'bound'),
      '-expiresAt': () => names('late', 'early', 'expired', 'bound', 'revoked', 'inactive', 'plain'),
      lastUsedAt: () => orders.createdAt(),
      '-lastUsedAt': () => orders['-createdAt'](),
    };

    test.each(keySorts)('sort by %s, page by page, there and back again', async (sort) => {
      const expected = orders[sort]();
      expect(idsOf((await list(projectId, { sort })).items)).toEqual(expected);

      const forward: string[] = [];
      let page = await list(projectId, { sort, limit: 3 });
      expect(page.page.previous).toBeNull();
      for (let start = 0; ; start += 3) {
        forward.push(...idsOf(page.items));
        const end = Math.min(start + 3, expected.length);
        expect(page.page).toMatchObject({ from: start + 1, to: end, total: 7, totalIsExact: true });
        if (page.page.next === null) break;
        page = await list(projectId, { sort, limit: 3, cursor: page.page.next });
      }
      expect(forward).toEqual(expected);

      let backward = idsOf(page.items);
      while (page.page.previous !== null) {
        page = await list(projectId, { sort, limit: 3, cursor: page.page.previous });
        backward = [...idsOf(page.items), ...backward];
        expect(page.page.to - page.page.from + 1).toBe(page.items.length);
      }
      expect(backward).toEqual(expected);
      expect(page.page).toMatchObject({ from: 1, previous: null });
    });

    test('400 for a sort that does not exist', async () => {
      for (const sort of ['id', 'NAME', '--name', 'name,id', 'name desc', '']) {
        expect(await refuse(projectId, { sort })).toMatchObject({ errors: [{ path: 'sort' }] });
      }
    });

    test('a cursor goes with another limit, but with no other filter or sort', async () => {
      const first = await list(projectId, { limit: 2, sort: 'name', status: 'active' });
      const cursor = first.page.next ?? '';
      const more = await list(projectId, { limit: 50, sort: 'name', status: 'active', cursor });
      expect(more.items).toHaveLength(2);
      for (const other of [
        { sort: 'name' },
        { sort: '-name', status: 'active' },
        { status: 'active' },
        { sort: 'name', status: 'inactive' },
        { sort: 'name', status: 'active', ownerId: 'anna' },
        { sort: 'name', status: 'active', search: 'a' },
        { sort: 'name', status: 'active', channelId },
      ]) {
        expect(await refuse(projectId, { ...other, cursor })).toMatchObject({
          code: 'validation_failed',
          errors: [{ path: 'cursor' }],
        });
      }
    });

    test('a cursor of another kind of list is none of this one', async () => {
      await at.createChannel(projectId);
      const channels = await at.admin.call('listChannels', { params: { projectId }, query: { limit: 1 } });
      expect(await refuse(projectId, { cursor: channels.page.next ?? '' })).toMatchObject({
        errors: [{ path: 'cursor' }],
      });
    });

    test('a cursor that somebody changed is refused, or finds something, and never breaks anything', async () => {
      for (const sort of keySorts) {
        const { page } = await list(projectId, { limit: 2, sort });
        const content = JSON.parse(Buffer.from(page.next ?? '', 'base64url').toString()) as object;
        const changes = [
          ...[
            null,
            0,
            -1,
            1.5,
            2 ** 53,
            1e300,
            '',
            'x',
            '\0',
            '\ud800',
            'é'.repeat(500),
            true,
            [],
            {},
          ].flatMap((value) => [{ v: value }, { i: value }, { n: value }, { d: value }, { b: value }]),
          ...[{ n: Number.MAX_SAFE_INTEGER }, { extra: 1 }, { v: Number.MAX_SAFE_INTEGER, d: 'previous' }],
          ...[
            { i: "' OR 1=1 --" },
            { v: Number.MIN_SAFE_INTEGER },
            { n: Number.MAX_SAFE_INTEGER, d: 'previous' },
          ],
        ];
        for (const change of changes) {
          const cursor = Buffer.from(JSON.stringify({ ...content, ...change })).toString('base64url');
          const answer = await at.admin.send('listKeys', { params: { projectId }, query: { sort, cursor } });
          expect([200, 400], `${sort} ${JSON.stringify(change)}`).toContain(answer.status);
        }
      }
      for (const cursor of ['x', '!', 'e30', 'bnVsbA', 'W10', '\0', ' ', 'a'.repeat(2000)]) {
        expect(await refuse(projectId, { cursor })).toMatchObject({ errors: [{ path: 'cursor' }] });
      }
      expect(await refuse(projectId, { cursor: 'a'.repeat(2001) })).toMatchObject({
        errors: [{ path: 'cursor' }],
      });
    });
  });

  test('search finds a pair by its public id as a whole', async () => {
    const { id } = await at.createProject({ policy: { format: 'pair' } });
    const { key } = await at.createKey(id);
    await at.createKey(id);
    const publicId = key.publicId ?? '';
    expect(idsOf((await list(id, { search: publicId })).items)).toEqual([key.id]);
    expect((await list(id, { search: publicId.slice(1) })).items).toEqual([]);
  });

  test('pages stay whole while keys come and go', async () => {
    const { id } = await at.createProject();
    const made: string[] = [];
    for (let i = 0; i < 6; i++) made.push((await at.createKey(id)).key.id);
    const first = await list(id, { limit: 2, sort: 'createdAt' });
    await at.admin.call('deleteKey', { params: { keyId: made[1] ?? '' } });
    await at.admin.call('deleteKey', { params: { keyId: made[3] ?? '' } });
    await at.createKey(id);
    const second = await list(id, { limit: 2, sort: 'createdAt', cursor: first.page.next ?? '' });
    expect(idsOf(second.items)).toEqual([made[2], made[4]]);
    expect(second.page.total).toBe(5);
  });

  test('two lists of projects, and of service keys, page too', async () => {
    const project = await at.createProject();
    const made: string[] = [];
    for (let i = 0; i < 3; i++) made.push((await at.createServiceKey(project.id)).id);
    const query = { projectId: project.id, limit: 2 };
    const first = await at.admin.call('listServiceKeys', { query });
    expect(first.items.map(({ id }) => id)).toEqual([made[2], made[1]]);
    expect(first.page).toMatchObject({ from: 1, to: 2, total: 3, previous: null });
    const cursor = first.page.next ?? '';
    const second = await at.admin.call('listServiceKeys', { query: { ...query, cursor } });
    expect(second.items.map(({ id }) => id)).toEqual([made[0]]);
    expect(second.page).toMatchObject({ from: 3, to: 3, next: null });
    expect(await at.admin.refuse('listServiceKeys', { query: { limit: 2, cursor } })).toMatchObject({
      errors: [{ path: 'cursor' }],
    });
    const other = await at.createProject();
    const projects = await at.admin.call('listProjects', { query: { limit: 2 } });
    expect(projects.items.map(({ id }) => id)).toEqual([other.id, project.id]);
    const rest = await at.admin.call('listProjects', {
      query: { limit: 2, cursor: projects.page.next ?? '' },
    });
    expect(rest.page).toMatchObject({ from: 3, total: projects.page.total });
    const back = await at.admin.call('listProjects', {
      query: { limit: 2, cursor: rest.page.previous ?? '' },
    });
    expect(back).toStrictEqual({ ...projects, page: { ...projects.page, next: back.page.next } });
  });
});
