import { expect, test } from 'vitest';
import { newId } from '../../src/domain/id.ts';
import { isSettled } from '../../src/testing/turns.ts';
import { forEachEngine } from '../support/engines.ts';
import { insertMember, person } from '../support/people.ts';
import { epochMs, insertProject } from '../support/records.ts';

forEachEngine((createPlace) => {
  async function start() {
    const place = await createPlace();
    const storage = await place.open();
    const [a, b, gone] = await storage.transaction(async (stores) => [
      await insertProject(stores),
      await insertProject(stores),
      await insertProject(stores),
    ]);
    const who = await storage.transaction((stores) =>
      insertMember(stores, person('Ann', { [a.id]: 'owner', [b.id]: 'member', [gone.id]: 'operator' })),
    );
    await storage.transaction((stores) => stores.projects.delete(gone.id, 1));
    return { place, storage, a: a.id, b: b.id, gone: gone.id, who };
  }

  test('an account has its roles, without those in deleted projects, and administers only what was granted', async () => {
    const { place, storage, a, b, gone, who } = await start();
    const { authority } = storage.stores;
    expect(await authority.find(who.id)).toEqual({
      isInstanceAdmin: false,
      roles: new Map([
        [a, 'owner'],
        [b, 'member'],
      ]),
    });
    await place.query(`INSERT INTO account_admins (account_id, granted_at) VALUES ('${who.id}', 1)`);
    expect((await authority.find(who.id)).isInstanceAdmin).toBe(true);
    const locked = await storage.transaction((stores) => stores.authority.lock(who.id));
    expect(locked).toEqual({ isInstanceAdmin: true, roles: who.roles });
    expect(locked.roles.has(gone)).toBe(true);
    expect(await authority.find(newId('account', 1))).toEqual({ isInstanceAdmin: false, roles: new Map() });
  });

  test('a membership is kept, changed and taken away, and no other', async () => {
    const { storage, a, b, who } = await start();
    const other = await storage.transaction((stores) =>
      insertMember(stores, person('Bob', { [a]: 'owner', [b]: 'owner' })),
    );
    await storage.transaction(async ({ members }) => {
      expect(await members.lock(a, who.id)).toEqual({
        accountId: who.id,
        projectId: a,
        role: 'owner',
        joinedAt: epochMs,
      });
      expect(await members.lock(a, newId('account', 1))).toBeNull();
      expect(await members.countOwners(a)).toBe(2);
      await members.setRole(a, who.id, 'operator');
      expect((await members.lock(a, who.id))?.role).toBe('operator');
      expect((await members.lock(b, who.id))?.role).toBe('member');
      expect(await members.countOwners(a)).toBe(1);
      await members.delete(a, who.id);
      expect(await members.lock(a, who.id)).toBeNull();
      expect(await members.hold(a, who.id)).toBe(false);
      expect(await members.hold(b, who.id)).toBe(true);
      expect(await members.hold(a, other.id)).toBe(true);
    });
  });

  test('who is a member already keeps its role', async () => {
    const { storage, a, who } = await start();
    await storage.transaction(async ({ members }) => {
      const again = { accountId: who.id, projectId: a, role: 'member' as const, joinedAt: 2 };
      expect(await members.insert(again)).toBe(false);
      expect(await members.lock(a, who.id)).toMatchObject({ role: 'owner', joinedAt: epochMs });
      expect(await members.insert({ ...again, accountId: newId('account', 1) })).toBe(true);
    });
  });

  test('what takes roles away waits for what else does', async () => {
    const { storage } = await start();
    const gate = Promise.withResolvers<void>();
    const [first, entered] = [Promise.withResolvers<void>(), [] as string[]];
    const one = storage.transaction(async ({ members }) => {
      await members.lockAll();
      first.resolve();
      await gate.promise;
      entered.push('first');
    });
    await first.promise;
    const two = storage.transaction(async ({ members }) => {
      await members.lockAll();
      entered.push('second');
    });
    expect(await isSettled(two)).toBe(false);
    gate.resolve();
    await Promise.all([one, two]);
    expect(entered).toEqual(['first', 'second']);
  });
});
