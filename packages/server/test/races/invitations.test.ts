import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { systemCaller } from '../../src/domain/caller.ts';
import { newId } from '../../src/domain/id.ts';
import { hashSecret } from '../../src/keys/secret-format.ts';
import { acceptInvitation } from '../../src/members/accept-invitation.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { forEachEngine } from '../support/engines.ts';
import { hold } from '../support/hold.ts';
import { storedInvitation } from '../support/people.ts';
import { admin, expectIntactLedger, startEngine, tally } from '../support/running-engine.ts';
import { untilBlocked } from '../support/waiting.ts';

forEachEngine((createPlace) => {
  async function start(lifetimeMs = 60_000) {
    const place = await createPlace();
    const engine = await startEngine(await place.open());
    const { id: projectId } = await createProject(engine.context, admin, { name: 'P', preset: 'standard' });
    const token = randomBytes(32).toString('base64url');
    const expiresAt = engine.context.clock.now() + lifetimeMs;
    const invitation = storedInvitation({ projectId, email: 'ann@example.com', role: 'operator', expiresAt });
    await engine.storage.transaction(({ invitations }) => invitations.insert(invitation, hashSecret(token)));
    const accept = (email = 'Ann@Example.COM', id = newId('account', 1), given = token) =>
      engine.context.change(systemCaller, async (stores, now) => {
        const account = { id, name: 'Ann', email };
        const { entries } = await acceptInvitation(stores, account, given, now);
        return { value: id, entries };
      });
    const rolesOf = async (id: string) => (await engine.storage.stores.authority.find(id)).roles;
    return { place, engine, projectId, invitation, token, accept, rolesOf };
  }

  test('an accepted invitation makes a member, once, and the ledger tells of both', async () => {
    const { engine, projectId, invitation, accept, rolesOf } = await start();
    const { value } = await accept();
    expect(await rolesOf(value)).toEqual(new Map([[projectId, 'operator']]));
    await expect(accept()).rejects.toMatchObject({ code: 'not_found' });
    const rows = await engine.storage.stores.ledger.scan({ projectId }, 1, 10);
    expect(rows.map(({ action, subjectId }) => [action, subjectId])).toEqual([
      ['invitation.accepted', invitation.id],
      ['member.added', value],
    ]);
    for (const { body } of rows) expect(body.toLowerCase()).not.toContain('ann');
    await expectIntactLedger(engine);
  });

  test('of five that accept at once one becomes a member', async () => {
    const { place, engine, invitation, accept } = await start();
    const statement = `SELECT 1 FROM invitations WHERE id = '${invitation.id}' FOR UPDATE`;
    const release = await hold(place, engine.storage, statement);
    const outcome = tally(
      Array.from({ length: 5 }, (_, i) => accept('ann@example.com', newId('account', i))),
    );
    await untilBlocked(place, 5);
    await release();
    expect(await outcome).toEqual({ succeeded: 1, not_found: 4 });
    expect(await place.query('SELECT role FROM memberships')).toEqual([{ role: 'operator' }]);
  });

  test('an invitation is for nobody else, and is still there after somebody else tried', async () => {
    const { accept, rolesOf } = await start();
    for (const email of ['bob@example.com', 'ann@example.com.evil.example', '', 'ann@example.co'])
      await expect(accept(email)).rejects.toMatchObject({ code: 'forbidden' });
    for (const token of ['', 'x', `' OR 1=1 --`, '\0', 'é'.repeat(100)])
      await expect(accept('ann@example.com', newId('account', 1), token)).rejects.toMatchObject({
        code: 'not_found',
      });
    expect((await rolesOf((await accept()).value)).size).toBe(1);
  });

  test('one that has expired or whose project was deleted is good for nothing', async () => {
    const expired = await start(0);
    await expect(expired.accept()).rejects.toMatchObject({ code: 'not_found' });
    const { engine, projectId, accept } = await start();
    await engine.storage.transaction((stores) => stores.projects.delete(projectId, 1));
    await expect(accept()).rejects.toMatchObject({ code: 'not_found' });
  });

  test('who is a member by now keeps its role, and the invitation is used up', async () => {
    const { engine, projectId, accept, rolesOf } = await start();
    const id = newId('account', 1);
    await engine.storage.transaction(({ members }) =>
      members.insert({ accountId: id, projectId, role: 'owner', joinedAt: 1 }),
    );
    await accept('ann@example.com', id);
    expect(await rolesOf(id)).toEqual(new Map([[projectId, 'owner']]));
    await expect(accept('ann@example.com', id)).rejects.toMatchObject({ code: 'not_found' });
  });
});
