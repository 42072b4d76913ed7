import type { Role } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { createChannel } from '../../src/channels/create-channel.ts';
import type { AccountCaller } from '../../src/domain/caller.ts';
import { createKey } from '../../src/keys/create-key.ts';
import { updateKey } from '../../src/keys/update-key.ts';
import { createInvitation } from '../../src/members/create-invitation.ts';
import { removeMember } from '../../src/members/remove-member.ts';
import { updateMember } from '../../src/members/update-member.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { expectConsistent } from '../support/consistency.ts';
import { forbidDeadlocks } from '../support/deadlocks.ts';
import { forEachEngine, type Place } from '../support/engines.ts';
import { hold } from '../support/hold.ts';
import { insertMember, person } from '../support/people.ts';
import { insertKey } from '../support/records.ts';
import { admin, codeOf, expectIntactLedger, startEngine, tally } from '../support/running-engine.ts';
import { untilBlocked } from '../support/waiting.ts';

/** Where the changes of memberships wait for each other. */
const allMemberships = 'SELECT pg_advisory_xact_lock(1802990196, 1835168371)';

forEachEngine((createPlace) => {
  async function start() {
    const place = await createPlace();
    if (place.engine === 'postgres') await forbidDeadlocks(place);
    const engine = await startEngine(await place.open());
    const { context } = engine;
    const { id: projectId } = await createProject(context, admin, { name: 'P', preset: 'standard' });
    const join = (role: Role, name: string = role) =>
      engine.storage.transaction((stores) => insertMember(stores, person(name, { [projectId]: role })));
    const remove = (
      caller: AccountCaller | typeof admin,
      { id }: AccountCaller,
      transferTo?: AccountCaller,
    ) =>
      removeMember(context, caller, {
        projectId,
        accountId: id,
        ...(transferTo && { transferTo: transferTo.id }),
      });
    const setRole = (caller: AccountCaller, { id }: AccountCaller, role: Role) =>
      updateMember(context, caller, { projectId, accountId: id }, { role });
    const make = async (caller: AccountCaller | typeof admin, body: Parameters<typeof createKey>[3] = {}) =>
      createKey(context, caller, projectId, body);
    const membershipOf = ({ id }: AccountCaller) =>
      `SELECT 1 FROM memberships WHERE account_id = '${id}' FOR UPDATE`;
    const rolesIn = () => place.query<{ account_id: string; role: Role }>('SELECT * FROM memberships');
    const working = () => place.query<{ id: string }>(`SELECT id FROM keys WHERE status <> 'revoked'`);
    return { place, engine, context, projectId, join, remove, setRole, make, membershipOf, rolesIn, working };
  }

  /** Runs two changes at a gate, of which the first came first. */
  async function inOrder(
    place: Place,
    engine: Awaited<ReturnType<typeof startEngine>>,
    gate: string,
    changes: (() => Promise<unknown>)[],
  ) {
    const release = await hold(place, engine.storage, gate);
    const running: Promise<string>[] = [];
    for (const change of changes) {
      running.push(change().then(() => 'succeeded', codeOf));
      await untilBlocked(place, running.length);
    }
    await release();
    return Promise.all(running);
  }

  describe('of the owners of a project one stays', () => {
    test('when two remove each other', async () => {
      const { place, engine, join, remove, rolesIn } = await start();
      const [ann, bob] = [await join('owner'), await join('owner')];
      const outcome = await inOrder(place, engine, allMemberships, [
        () => remove(ann, bob),
        () => remove(bob, ann),
      ]);
      expect(outcome).toEqual(['succeeded', 'forbidden']);
      expect(await rolesIn()).toMatchObject([{ account_id: ann.id, role: 'owner' }]);
    });

    test('when both leave, demote themselves, or are demoted by the other', async () => {
      const { place, engine, join, remove, setRole, rolesIn } = await start();
      const [ann, bob] = [await join('owner'), await join('owner')];
      const outcome = await inOrder(place, engine, allMemberships, [
        () => remove(ann, ann),
        () => remove(bob, bob),
        () => setRole(bob, bob, 'member'),
      ]);
      expect(outcome).toEqual(['succeeded', 'last_owner', 'last_owner']);
      const cat = await join('owner');
      const demotions = await inOrder(place, engine, allMemberships, [
        () => setRole(bob, cat, 'operator'),
        () => setRole(cat, bob, 'operator'),
      ]);
      expect(demotions).toEqual(['succeeded', 'forbidden']);
      expect((await rolesIn()).filter(({ role }) => role === 'owner')).toMatchObject([
        { account_id: bob.id },
      ]);
    });

    test('also when an administrator of the instance wants it gone', async () => {
      const { join, remove, setRole } = await start();
      const [ann, ivy] = [await join('owner'), await join('member')];
      await expect(remove(admin, ann)).rejects.toMatchObject({ code: 'last_owner' });
      const administrator = { ...ivy, isInstanceAdmin: true };
      await expect(setRole(administrator, ann, 'member')).rejects.toMatchObject({ code: 'forbidden' });
    });
  });

  describe('who was removed', () => {
    test('leaves no key behind, whichever of its requests ran at that moment', async () => {
      for (const isRemovedFirst of [true, false]) {
        const { place, engine, join, remove, make, membershipOf, working } = await start();
        const ann = await join('member');
        const changes = [() => remove(admin, ann), () => make(ann)];
        if (!isRemovedFirst) changes.reverse();
        const outcome = await inOrder(place, engine, membershipOf(ann), changes);
        expect(outcome).toEqual(isRemovedFirst ? ['succeeded', 'forbidden'] : ['succeeded', 'succeeded']);
        expect(await working()).toEqual([]);
        await expect(make(ann)).rejects.toMatchObject({ code: 'forbidden' });
        await expectIntactLedger(engine);
      }
    });

    test('gets no key from somebody else either, made for it or given to it', async () => {
      for (const isRemovedFirst of [true, false]) {
        const { place, engine, context, join, remove, make, membershipOf, working } = await start();
        const ann = await join('member');
        const { key } = await make(admin, { ownerId: 'somebody', name: 'Given' });
        const changes = [
          () => remove(admin, ann),
          () => make(admin, { ownerId: ann.id, name: 'Made' }),
          () => updateKey(context, admin, key.id, { ownerId: ann.id }),
        ];
        if (!isRemovedFirst) changes.push(changes.shift() as (typeof changes)[number]);
        const outcome = await inOrder(place, engine, membershipOf(ann), changes);
        expect(outcome).toEqual(
          isRemovedFirst
            ? ['succeeded', 'owner_not_member', 'owner_not_member']
            : ['succeeded', 'succeeded', 'succeeded'],
        );
        expect(await working()).toEqual(isRemovedFirst ? [{ id: key.id }] : []);
        await expectConsistent(place);
      }
    });

    test('loses all keys that work or could again, in every channel, and no one else any', async () => {
      const { place, engine, context, projectId, join, remove, make, working } = await start();
      const [ann, bob] = [await join('member'), await join('member')];
      const channel = await createChannel(context, admin, projectId, { slug: 'maps', name: 'Maps' });
      const other = await createProject(context, admin, { name: 'Q', preset: 'standard' });
      const kept = await engine.storage.transaction(async (stores) => {
        await insertKey(stores, { projectId, ownerId: ann.id, name: 'Off', status: 'inactive' });
        await insertKey(stores, { projectId, ownerId: ann.id, name: 'Expired', expiresAt: 1 });
        return insertKey(stores, { projectId: other.id, ownerId: ann.id, name: 'Elsewhere' });
      });
      const secrets = [
        (await make(ann, { name: 'On' })).secret,
        (await make(ann, { name: 'Bound', channelId: channel.id })).secret,
      ];
      const others = [await make(bob), await make(admin, { ownerId: 'ann' }), await make(admin)];
      for (const secret of secrets) expect(await engine.verify(secret)).toBe('valid');
      const before = (await engine.storage.stores.ledger.head()).seq;
      expect(await remove(admin, ann)).toMatchObject({ nodes: 1, acknowledged: 1 });
      for (const secret of secrets) expect(await engine.verify(secret)).toBe('revoked');
      for (const { secret } of others) expect(await engine.verify(secret)).toBe('valid');
      const left = [...others.map(({ key }) => key.id), kept.id].sort();
      expect((await working()).map(({ id }) => id).sort()).toEqual(left);
      const rows = await engine.storage.stores.ledger.scan({}, before, 10);
      expect(rows.map(({ action }) => action)).toEqual([...Array(4).fill('key.revoked'), 'member.removed']);
      const reasons = await place.query(`SELECT DISTINCT revoked_reason FROM keys WHERE status = 'revoked'`);
      expect(reasons).toEqual([{ revoked_reason: 'owner_removed' }]);
      await expectConsistent(place);
      await expectIntactLedger(engine);
    });

    test('has its invitations taken back, as who is owner no more', async () => {
      const { place, context, projectId, join, remove, setRole } = await start();
      const [ann, bob, cat] = [await join('owner'), await join('owner'), await join('owner')];
      for (const host of [ann, bob, cat]) {
        await createInvitation(context, host, projectId, { email: `${host.id}@evil.example`, role: 'owner' });
      }
      await remove(ann, bob);
      await setRole(ann, cat, 'operator');
      expect(await place.query('SELECT created_by FROM invitations')).toEqual([{ created_by: ann.id }]);
    });
  });

  test('who was demoted does nothing more with what it was, in requests that run already', async () => {
    const { place, engine, context, projectId, join, setRole, make, membershipOf, working } = await start();
    const [ann, bob, cat] = [await join('owner'), await join('operator'), await join('owner')];
    const forSomebody = () => make(bob, { ownerId: 'somebody' });
    const invite = () => createInvitation(context, cat, projectId, { email: 'x@example.com', role: 'owner' });
    const outcome = await inOrder(place, engine, membershipOf(bob), [
      () => setRole(ann, bob, 'member'),
      forSomebody,
    ]);
    expect(outcome).toEqual(['succeeded', 'forbidden']);
    await setRole(ann, cat, 'operator');
    await expect(invite()).rejects.toMatchObject({ code: 'forbidden' });
    expect(await working()).toEqual([]);
  });

  test('who was promoted meanwhile is not disturbed', async () => {
    const { join, setRole, make } = await start();
    const [ann, bob] = [await join('owner'), await join('member')];
    await setRole(ann, bob, 'operator');
    expect((await make(bob)).key.ownerId).toBe(bob.id);
  });

  describe('keys that go to another member', () => {
    test('work on, under the new owner', async () => {
      const { place, engine, context, projectId, join, remove, make, rolesIn } = await start();
      const [ann, bob] = [await join('operator'), await join('member')];
      const channel = await createChannel(context, admin, projectId, { slug: 'maps', name: 'Maps' });
      const made = [
        await make(ann, { ownerId: ann.id, name: 'One' }),
        await make(ann, { ownerId: ann.id, name: 'Two', channelId: channel.id }),
      ];
      const revoked = await engine.storage.transaction((stores) =>
        insertKey(stores, { projectId, ownerId: ann.id, name: 'Dead', status: 'revoked' }),
      );
      await remove(ann, ann, bob);
      for (const { secret } of made) expect(await engine.verify(secret)).toBe('valid');
      const owned = await place.query(`SELECT id FROM keys WHERE owner_id = '${bob.id}' ORDER BY id`);
      expect(owned).toEqual(made.map(({ key }) => ({ id: key.id })).sort((a, b) => (a.id < b.id ? -1 : 1)));
      expect(await place.query(`SELECT id FROM keys WHERE owner_id = '${ann.id}'`)).toEqual([
        { id: revoked.id },
      ]);
      expect(await rolesIn()).toMatchObject([{ account_id: bob.id }]);
      const { rows } = await expectIntactLedger(engine);
      const moves = await engine.storage.stores.ledger.scan({ action: 'key.updated' }, 0, 10);
      expect(moves.map(({ private: hidden }) => JSON.parse(hidden?.json ?? '{}').detail)).toEqual(
        Array(2).fill({ ownerId: { before: ann.id, after: bob.id } }),
      );
      expect(rows).toBeGreaterThan(5);
    });

    test('stay where they are, with their owner, when the other has no room or a key of the same name', async () => {
      const { engine, context, projectId, join, remove, make, rolesIn } = await start();
      const [ann, bob] = [await join('member', 'Ann'), await join('member', 'Bob')];
      const small = await createChannel(context, admin, projectId, {
        slug: 'small',
        name: 'Small',
        policy: { maxKeysPerOwner: 2 },
      });
      for (let i = 0; i < 9; i++) await make(bob, { name: `Bob ${i}` });
      await make(bob, { name: 'Bob 9', channelId: small.id });
      const attempt = () => remove(admin, ann, bob);
      const head = async () => (await engine.storage.stores.ledger.head()).seq;

      await make(ann, { name: 'A1' });
      const tooMany = await make(ann, { name: 'A2' });
      let before = await head();
      await expect(attempt()).rejects.toMatchObject({ code: 'key_limit_reached', detail: /may hold 10/ });
      await updateKey(context, admin, tooMany.key.id, { ownerId: null });
      await updateKey(context, admin, tooMany.key.id, { ownerId: ann.id, name: 'Bob 3' });
      before = await head();
      await expect(attempt()).rejects.toMatchObject({ code: 'name_taken', detail: /"Bob 3"/ });
      expect(await head()).toBe(before);
      await updateKey(context, admin, tooMany.key.id, { ownerId: null });
      for (let i = 0; i < 2; i++) await make(ann, { name: `Small ${i}`, channelId: small.id });
      await expect(attempt()).rejects.toMatchObject({ code: 'key_limit_reached', detail: /may hold 2/ });
      expect(await rolesIn()).toHaveLength(2);
      expect((await make(ann, { name: 'Still here' })).key.ownerId).toBe(ann.id);
    });

    test('go to members only, never back, and not by a member’s own will', async () => {
      const { join, remove } = await start();
      const [ann, bob] = [await join('member'), await join('operator')];
      await expect(remove(admin, ann, person('Eve'))).rejects.toMatchObject({ code: 'owner_not_member' });
      await expect(remove(admin, ann, ann)).rejects.toMatchObject({ code: 'validation_failed' });
      await expect(remove(ann, ann, bob)).rejects.toMatchObject({ code: 'forbidden' });
      await expect(remove(bob, ann)).rejects.toMatchObject({ code: 'forbidden' });
      await remove(ann, ann);
    });
  });

  test('of two invitations for one address at once the later one stays', async () => {
    const { place, engine, context, projectId } = await start();
    const invite = (role: Role) =>
      createInvitation(context, admin, projectId, { email: 'ann@example.com', role });
    const outcome = await inOrder(place, engine, allMemberships, [
      () => invite('member'),
      () => invite('operator'),
    ]);
    expect(outcome).toEqual(['succeeded', 'succeeded']);
    expect(await place.query('SELECT role FROM invitations')).toEqual([{ role: 'operator' }]);
    expect(await tally([invite('member'), invite('member'), invite('owner')])).toEqual({ succeeded: 3 });
  });
});
