import { expect, test } from 'vitest';
import { confirmEmail } from '../../src/accounts/confirm-email.ts';
import { createAccountLink } from '../../src/accounts/create-account-link.ts';
import { eraseAccount } from '../../src/accounts/erase-account.ts';
import { exportAccount } from '../../src/accounts/export-account.ts';
import type { AccountCaller } from '../../src/domain/caller.ts';
import { newId } from '../../src/domain/id.ts';
import { createKey } from '../../src/keys/create-key.ts';
import { deleteKey } from '../../src/keys/delete-key.ts';
import { revokeKey } from '../../src/keys/revoke-key.ts';
import { hashSecret } from '../../src/keys/secret-format.ts';
import { updateKey } from '../../src/keys/update-key.ts';
import { createInvitation } from '../../src/members/create-invitation.ts';
import { updateMember } from '../../src/members/update-member.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { deleteProject } from '../../src/projects/delete-project.ts';
import { updateProject } from '../../src/projects/update-project.ts';
import { resolutions, type UsageAddition } from '../../src/usage/usage-store.ts';
import { newAddress } from '../support/account.ts';
import { expectConsistent } from '../support/consistency.ts';
import { forEachEngine } from '../support/engines.ts';
import { hold } from '../support/hold.ts';
import { tokenOf } from '../support/membership.ts';
import { emailOf, insertMember, person } from '../support/people.ts';
import { insertKey } from '../support/records.ts';
import { admin, expectIntactLedger, startEngine, tally } from '../support/running-engine.ts';
import { servicesOn } from '../support/services.ts';
import { tracesOf } from '../support/traces.ts';
import { untilBlocked } from '../support/waiting.ts';

/** Names that stand nowhere by chance, and not in ASCII either. */
const annName = 'Änne Xylander-Quist';
const address = '198.51.100.77';
const otherAddress = '198.51.100.78';
const agent = 'xylophone/7.7';
const request = { method: 'GET', path: '/albums/of-xylander' };

forEachEngine((createPlace) => {
  async function start() {
    const place = await createPlace();
    const engine = await startEngine(await place.open());
    const { context, storage } = engine;
    const { id: projectId } = await createProject(context, admin, { name: 'Team', preset: 'standard' });
    const add = (who: AccountCaller) => storage.transaction((stores) => insertMember(stores, who));
    const owner = await add(person('Olga Owner', { [projectId]: 'owner' }));
    return { place, engine, context, storage, projectId, add, owner };
  }

  /** Gives a person another address after a while, and has her wish for a third one; others wish for hers. */
  async function moveAnn(
    { engine, context, owner }: Awaited<ReturnType<typeof start>>,
    ann: AccountCaller,
    projectId: string,
  ) {
    const services = servicesOn(engine);
    const [email, former, wished] = [emailOf(ann), `former-${emailOf(ann)}`, `wished-${emailOf(ann)}`];
    const wish = (who: AccountCaller, address: string) =>
      context.change(admin, async ({ links }, now) => {
        await links.setPendingEmail(who.id, address, now);
        return { value: null, entries: [] };
      });
    const confirm = async (address: string) => {
      await wish(ann, address);
      const purpose = 'confirm_email';
      const { link } = await createAccountLink(services, admin, { accountId: ann.id, purpose });
      await confirmEmail(services, newAddress(), tokenOf(link));
    };
    await confirm(former);
    await createInvitation(context, admin, projectId, { email: former, role: 'member' });
    await confirm(email);
    await wish(ann, wished);
    await createAccountLink(services, admin, { accountId: ann.id, purpose: 'confirm_email' });
    await wish(owner, former);
    await createAccountLink(services, admin, { accountId: owner.id, purpose: 'confirm_email' });
    return { former, wished };
  }

  /** Somebody who left a trace in every table that there is for people. */
  async function makeAnn(world: Awaited<ReturnType<typeof start>>) {
    const { place, engine, context, storage, projectId, add, owner } = world;
    const own = await createProject(context, admin, { name: `${annName}’s project`, preset: 'standard' });
    const ann = await add(person(annName, { [projectId]: 'member', [own.id]: 'owner' }));
    const email = emailOf(ann);
    // Neighbours, so that what is deleted stands in the middle of pages and indexes.
    await storage.transaction(async (stores) => {
      for (let i = 0; i < 150; i++)
        await insertMember(stores, person(`Neighbour ${i}`, { [projectId]: 'member' }));
      for (let i = 0; i < 300; i++)
        await insertKey(stores, { projectId, ownerId: 'o', name: `Between ${i}` });
    });
    const times = { created_at: 1, updated_at: 1, expires_at: Date.now() + 60_000, authenticated_at: 1 };
    await storage.stores.authRecords.find('auth_users', [], { limit: 1 });
    await storage.transaction(async (stores) => {
      await stores.authRecords.insert('auth_sessions', {
        id: newId('session', 1),
        user_id: ann.id,
        token_sha256: Buffer.alloc(32, 7),
        ip_address: address,
        user_agent: agent,
        ...times,
      });
      const { authenticated_at: _, ...common } = times;
      await stores.authRecords.insert('auth_verifications', {
        id: 'verification',
        identifier: email,
        value: ann.id,
        ...common,
      });
      await stores.authRecords.insert('auth_verifications', {
        id: 'passkey that was asked for',
        identifier: 'hashed',
        value: JSON.stringify({ type: 'registration', userData: { id: ann.id, name: email } }),
        ...common,
      });
      await stores.authRecords.insert('auth_passkeys', {
        id: newId('passkey', 1),
        user_id: ann.id,
        name: `${annName}’s phone`,
        credential_id: 'credential',
        public_key: 'key',
        counter: 0,
        device_type: 'multiDevice',
        backed_up: 1,
        created_at: 1,
      });
      await stores.secondFactors.begin(ann.id, { secret: 'sealed', backupCodes: 'sealed' });
    });
    const { key, secret } = await createKey(context, ann, projectId, {
      name: `${annName} laptop`,
      description: `Ask ${email}`,
      metadata: { who: annName },
      ipAllow: [address, otherAddress],
    });
    const given = await createKey(context, owner, projectId, { ownerId: ann.id, name: `For ${annName}` });
    const dead = await createKey(context, owner, projectId, { ownerId: ann.id, name: `Old of ${annName}` });
    await revokeKey(context, owner, dead.key.id, `${annName} lost it`);
    const gone = await createKey(context, ann, projectId, { name: `Deleted of ${annName}` });
    await deleteKey(context, ann, gone.key.id);
    const use = { ip: address, userAgent: agent };
    const count = (question: object) =>
      engine.meter.verify({ key: secret.reveal(), ...question }, admin, {
        requestId: 'req-1',
        door: 'gateway',
        request,
      });
    await count(use);
    await count({ ...use, scopes: ['none-of-its-own'] });
    await engine.usageWriter.flush();
    // Counted, and not written yet when the erasure begins, or written where it is not added up yet.
    const useAgain = async () => {
      await count({ ip: otherAddress, userAgent: agent });
      await storage.transaction(({ usage }) =>
        usage.keep([{ id: '1', addition: usedFrom(key, otherAddress) }]),
      );
    };
    const usedFrom = ({ id: keyId, projectId }: typeof key, ip: string): UsageAddition => ({
      counts: [
        { type: 'secret' as const, hash: hashSecret(secret.reveal()), keyId },
        { type: 'project' as const, projectId, isFormer: false },
      ].map((subject) => ({
        subject,
        resolution: resolutions.minute,
        at: 0,
        code: 'valid',
        count: 1,
        lastAt: 1,
      })),
      keyUses: [{ keyId, projectId, at: 1, ip, userAgent: agent }],
      origins: [keyId, projectId].map((subjectId) => ({
        subjectId,
        ip,
        userAgent: agent,
        lastAt: 1,
        count: 1,
      })),
      serviceKeyUses: [],
    });
    const elsewhere = await createProject(context, admin, { name: 'Elsewhere', preset: 'standard' });
    for (const role of ['member', 'operator'] as const)
      await createInvitation(context, owner, projectId, { email: `x${role}@example.com`, role });
    await createInvitation(context, admin, elsewhere.id, { email, role: 'member' });
    const letter = sqlText(JSON.stringify({ member: { email } }));
    const blob = place.engine === 'sqlite' ? `x'00'` : `'\\x00'::bytea`;
    await place.query(
      `INSERT INTO idempotency (id, request, at, answer) VALUES (${blob}, ${blob}, 1, ${letter})`,
    );
    const { former, wished } = await moveAnn(world, ann, elsewhere.id);
    await updateMember(context, owner, { projectId, accountId: ann.id }, { role: 'operator' });
    await updateMember(context, owner, { projectId, accountId: ann.id }, { role: 'member' });
    await updateProject(context, ann, own.id, { wording: { title: `Keys of ${annName}` } });
    const needles = [
      annName,
      annName.split(' ')[1] ?? '',
      email,
      former,
      wished,
      address,
      otherAddress,
      agent,
      request.path,
    ];
    return { ann, email, own, key, secret, given, elsewhere, needles, useAgain };
  }

  const sqlText = (text: string) => `'${text.replaceAll(`'`, `''`)}'`;

  test('nothing of the person is left, its keys are dead, and the ledger still checks', async () => {
    const world = await start();
    const { place, engine, context, storage, projectId, owner } = world;
    const { ann, email, own, secret, given, elsewhere, needles, useAgain } = await makeAnn(world);
    expect(await tracesOf(place, needles)).not.toEqual([]);
    await expect(eraseAccount(context, ann, ann.id)).rejects.toMatchObject({
      code: 'last_owner',
      detail: expect.stringContaining(own.id),
    });
    expect(await engine.verify(secret, { ip: address })).toBe('valid');
    await deleteProject(context, ann, own.id);

    const before = (await storage.stores.ledger.head()).seq;
    await useAgain();
    const propagation = await eraseAccount(context, ann, ann.id);
    expect(propagation).toMatchObject({ nodes: 1, acknowledged: 1 });
    await engine.usageWriter.flush();
    expect(await tracesOf(place, needles)).toEqual([]);
    for (const dead of [secret, given.secret]) expect(await engine.verify(dead)).toBe('revoked');

    const rows = await storage.stores.ledger.scan({}, before, 20);
    expect(rows.map(({ action, subjectId, private: hidden }) => [action, subjectId, hidden])).toEqual([
      ['key.revoked', expect.stringMatching(/^key_/), null],
      ['key.revoked', given.key.id, null],
      ['member.removed', ann.id, null],
      ['account.erased', ann.id, null],
    ]);
    expect((await expectIntactLedger(engine)).erased).toBeGreaterThan(10);
    const reasons =
      await place.query(`SELECT DISTINCT revoked_reason AS reason FROM keys WHERE owner_id = '${ann.id}'
      AND revoked_reason IS NOT NULL`);
    expect(reasons).toEqual([{ reason: 'owner_erased' }]);
    for (const table of [
      'memberships WHERE account_id',
      'auth_sessions WHERE user_id',
      'auth_credentials WHERE user_id',
    ])
      expect(await place.query(`SELECT 1 FROM ${table} = '${ann.id}'`)).toEqual([]);
    expect(await place.query(`SELECT 1 FROM invitations WHERE project_id = '${elsewhere.id}'`)).toEqual([]);
    await expectConsistent(place);

    // Others are as they were.
    expect((await storage.stores.members.find(projectId, owner.id))?.name).toBe('Olga Owner');
    expect(await storage.stores.invitations.count(projectId, 10)).toBe(2);
    const page = { from: null, direction: 'next', limit: 20 } as const;
    const ofOwner = await storage.stores.ledger.list({ actor: owner.id }, page);
    expect(ofOwner.some((row) => row.private?.json.includes('Olga Owner'))).toBe(true);

    // Whoever comes with the same address is somebody else.
    const again = { id: newId('account', Date.now()), email, name: 'Somebody else', createdAt: 1 };
    expect(await storage.transaction(({ accounts }) => accounts.insert(again, 'x'))).toBe(true);
    expect(await storage.stores.authority.find(again.id)).toEqual({
      isInstanceAdmin: false,
      roles: new Map(),
    });
    expect((await storage.stores.accounts.findRow(again.id))?.projectCount).toBe(0);
  });

  test('what an account was does nothing more, in requests that run already', async () => {
    for (const isErasedFirst of [true, false]) {
      const { place, engine, context, projectId, add } = await start();
      const ann = await add(person('Ann', { [projectId]: 'member' }));
      const gate = `SELECT 1 FROM memberships WHERE account_id = '${ann.id}' FOR UPDATE`;
      const release = await hold(place, engine.storage, gate);
      const erase = () => eraseAccount(context, admin, ann.id);
      const create = () => createKey(context, ann, projectId, {});
      const changes: (() => Promise<unknown>)[] = isErasedFirst ? [erase, create] : [create, erase];
      changes.push(() => eraseAccount(context, ann, ann.id));
      const running: Promise<unknown>[] = [];
      for (const change of changes) {
        running.push(change());
        for (const promise of running) promise.catch(() => {});
        await untilBlocked(place, running.length);
      }
      await release();
      const outcome = await tally(running);
      expect(outcome.succeeded).toBe(isErasedFirst ? 1 : 2);
      expect(await place.query(`SELECT id FROM keys WHERE status <> 'revoked'`)).toEqual([]);
      expect(await place.query(`SELECT 1 FROM memberships WHERE account_id = '${ann.id}'`)).toEqual([]);
      await expectIntactLedger(engine);
    }
  });

  test('a dead key that is deleted meanwhile leaves no name behind', async () => {
    for (const isErasedFirst of [true, false]) {
      const { place, engine, context, projectId, add } = await start();
      const ann = await add(person(annName, { [projectId]: 'member' }));
      const { key } = await createKey(context, ann, projectId, { name: `of ${annName}` });
      await revokeKey(context, admin, key.id, null);
      const release = await hold(place, engine.storage, 'SELECT 1 FROM ledger_head FOR UPDATE');
      const changes = [() => eraseAccount(context, admin, ann.id), () => deleteKey(context, admin, key.id)];
      const running: Promise<unknown>[] = [];
      for (const change of isErasedFirst ? changes : changes.reverse()) {
        running.push(change());
        await untilBlocked(place, running.length);
      }
      await release();
      await Promise.all(running);
      expect(await tracesOf(place, [annName])).toEqual([]);
      await expectIntactLedger(engine);
    }
  });

  test('the last administrator of the instance stays', async () => {
    const { context, add, place } = await start();
    const [ann, bob] = [
      await add(person('Ann', {}, { isInstanceAdmin: true })),
      await add(person('Bob', {}, { isInstanceAdmin: true })),
    ];
    const outcome = await tally([eraseAccount(context, ann, ann.id), eraseAccount(context, bob, bob.id)]);
    expect(outcome).toEqual({ succeeded: 1, last_owner: 1 });
    expect(await place.query('SELECT 1 FROM account_admins')).toHaveLength(1);
  });

  test('a person gets all that is kept about it, and no secret', async () => {
    const world = await start();
    const { context, owner, projectId } = world;
    const { ann, email, own, key, given, elsewhere } = await makeAnn(world);
    await createKey(context, owner, projectId, { name: 'Of nobody' });
    const made = await createKey(context, { ...ann, roles: new Map([[own.id, 'owner']]) }, own.id, {
      ownerId: 'customer-1',
      name: 'Made for a customer',
    });
    const { head, keys, ledger } = await exportAccount(context, ann, ann.id);
    expect(head).toMatchObject({
      account: { id: ann.id, name: annName, email, isInstanceAdmin: false, projectCount: 2 },
      memberships: expect.arrayContaining([
        expect.objectContaining({ projectId, projectName: 'Team', role: 'member' }),
        expect.objectContaining({ projectId: own.id, role: 'owner' }),
      ]),
      sessions: [{ ipAddress: address, userAgent: agent }],
      invitations: [{ projectId: elsewhere.id, email }],
      origins: [{ keyId: key.id, ip: address, userAgent: agent, count: 1 }],
      refusals: [{ keyId: key.id, code: 'insufficient_scope', ip: address, request }],
    });
    const [listedKeys, rows] = [await Array.fromAsync(keys), await Array.fromAsync(ledger)];
    expect(listedKeys).toHaveLength(5);
    expect(listedKeys.map(({ id }) => id)).toEqual(
      expect.arrayContaining([key.id, given.key.id, made.key.id]),
    );
    expect(listedKeys.find(({ id }) => id === key.id)).toMatchObject({
      name: `${annName} laptop`,
      lastUsedIp: address,
      lastUsedAgent: agent,
    });
    expect(listedKeys.filter(({ deletedAt }) => deletedAt !== null)).toHaveLength(1);
    expect(rows.every(({ actor, subject }) => actor.id === ann.id || subject.id !== owner.id)).toBe(true);
    const actions = new Set(rows.map(({ action }) => action));
    for (const action of [
      'key.created',
      'key.deleted',
      'key.revoked',
      'member.updated',
      'invitation.created',
    ] as const)
      expect(actions).toContain(action);
    expect(rows.find(({ action }) => action === 'invitation.created')?.subject.name).toBe(email);
    const everything = JSON.stringify([head, listedKeys, rows]);
    expect(everything).not.toMatch(/no password|sha256|BwcHB|070707/);
  });

  test('what is given to another before lives on', async () => {
    const { engine, context, storage, projectId, add } = await start();
    const [ann, bob] = [
      await add(person('Ann', { [projectId]: 'member' })),
      await add(person('Bob', { [projectId]: 'member' })),
    ];
    const { key, secret } = await createKey(context, ann, projectId, { name: 'Shared' });
    await updateKey(context, admin, key.id, { ownerId: bob.id });
    await eraseAccount(context, admin, ann.id);
    expect(await engine.verify(secret)).toBe('valid');
    expect(await storage.stores.keys.find(key.id, 1)).toMatchObject({ name: 'Shared', ownerId: bob.id });
  });
});
