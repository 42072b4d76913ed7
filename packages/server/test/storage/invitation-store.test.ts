import { expect, test } from 'vitest';
import { newId } from '../../src/domain/id.ts';
import type { Slice } from '../../src/domain/paginate.ts';
import { forEachEngine } from '../support/engines.ts';
import { storedInvitation } from '../support/people.ts';
import { epochMs, insertProject, randomHash } from '../support/records.ts';

const all: Slice = { from: null, direction: 'next', limit: 100 };

forEachEngine((createPlace) => {
  async function start() {
    const storage = await (await createPlace()).open();
    const make = () => storage.transaction((stores) => insertProject(stores));
    const [a, b] = [(await make()).id, (await make()).id];
    const insert = async (fields: Parameters<typeof storedInvitation>[0], token = randomHash()) => {
      const invitation = storedInvitation(fields);
      await storage.transaction(({ invitations }) => invitations.insert(invitation, token));
      return invitation;
    };
    return { storage, a, b, insert };
  }

  test('every field comes back as it went in, by its id and by its token', async () => {
    const { storage, a, insert } = await start();
    const token = randomHash();
    const invitation = await insert(
      { projectId: a, email: "o'neil+größe@example.com", role: 'operator', createdAt: epochMs + 1 },
      token,
    );
    const { invitations } = storage.stores;
    expect(await invitations.findByToken(token)).toEqual(invitation);
    expect(await invitations.findByToken(randomHash())).toBeNull();
    const lock = (id: string) => storage.transaction((stores) => stores.invitations.lock(id));
    expect(await lock(invitation.id)).toEqual(invitation);
    expect(await lock(newId('invitation', 1))).toBeNull();
  });

  test('lists are of one project, newest first', async () => {
    const { storage, a, b, insert } = await start();
    const made = [];
    for (let i = 0; i < 5; i++) made.push(await insert({ projectId: a, createdAt: epochMs + i }));
    await insert({ projectId: b });
    const { invitations } = storage.stores;
    const ids = made.map(({ id }) => id).reverse();
    const list = async (slice: Slice) => (await invitations.list(a, slice)).map(({ id }) => id);
    expect(await list(all)).toEqual(ids);
    expect(await list({ ...all, limit: 2, from: { value: null, id: ids[1] ?? '' } })).toEqual(
      ids.slice(2, 4),
    );
    expect(await list({ direction: 'previous', limit: 1, from: { value: null, id: ids[3] ?? '' } })).toEqual([
      ids[2],
    ]);
    expect(await invitations.count(a, 100)).toBe(5);
    expect(await invitations.count(a, 3)).toBe(3);
  });

  test('a project has one for an address, and it is deleted with no other', async () => {
    const { storage, a, b, insert } = await start();
    const [mine, other, elsewhere] = [
      await insert({ projectId: a, email: 'a@example.com', createdBy: 'acc_1' }),
      await insert({ projectId: a, email: 'b@example.com', createdBy: 'acc_2' }),
      await insert({ projectId: b, email: 'a@example.com', createdBy: 'acc_1' }),
    ];
    await expect(insert({ projectId: a, email: 'a@example.com' })).rejects.toThrow();
    const left = async () => {
      const lists = await Promise.all([a, b].map((id) => storage.stores.invitations.list(id, all)));
      return lists.flat().map(({ id }) => id);
    };
    await storage.transaction(async ({ invitations }) => {
      expect(await invitations.deleteFor(a, 'c@example.com')).toEqual([]);
      expect(await invitations.deleteFor(a, 'a@example.com')).toEqual([mine]);
    });
    expect((await left()).sort()).toEqual([other.id, elsewhere.id].sort());
    await storage.transaction(async ({ invitations }) => {
      expect(await invitations.deleteBy(a, 'acc_1')).toEqual([]);
      expect(await invitations.deleteBy(b, 'acc_1')).toEqual([elsewhere]);
      await invitations.delete(other.id);
    });
    expect(await left()).toEqual([]);
  });

  test('those of a deleted project are not there', async () => {
    const { storage, a, insert } = await start();
    const token = randomHash();
    await insert({ projectId: a }, token);
    await storage.transaction((stores) => stores.projects.delete(a, 1));
    const { invitations } = storage.stores;
    expect(await invitations.findByToken(token)).toBeNull();
    expect(await invitations.list(a, all)).toEqual([]);
    expect(await invitations.count(a, 10)).toBe(0);
  });
});
