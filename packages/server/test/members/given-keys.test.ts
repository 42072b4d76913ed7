import type { UpdateKeyBody } from '@keywright/contract';
import { expect, test } from 'vitest';
import type { Caller } from '../../src/domain/caller.ts';
import { createKey } from '../../src/keys/create-key.ts';
import { resetQuota } from '../../src/keys/reset-quota.ts';
import { updateKey } from '../../src/keys/update-key.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { createDirectory } from '../support/engines.ts';
import { insertMember, person } from '../support/people.ts';
import { admin, codeOf, startEngine } from '../support/running-engine.ts';

const grants: UpdateKeyBody[] = [
  { scopes: ['orders:write'] },
  { metadata: { plan: 'gold' } },
  { rateLimits: [] },
  { quota: null },
  { quota: { limit: 1_000_000, period: 'month' } },
  { ipAllow: [] },
  { expiresAt: null },
];

async function start() {
  const { context, storage } = await startEngine(await (await createDirectory()).open());
  const { id } = await createProject(context, admin, { name: 'P', preset: 'standard' });
  const [member, operator] = [person('Ann', { [id]: 'member' }), person('Ben', { [id]: 'operator' })];
  for (const who of [member, operator]) await storage.transaction((stores) => insertMember(stores, who));
  const quota = { limit: 100, period: 'month' as const };
  const create = async (caller: Caller, ownerId?: string) => {
    const body = { name: caller.name ?? '', scopes: ['orders:read'], quota, ...(ownerId && { ownerId }) };
    return (await createKey(context, caller, id, body)).key;
  };
  const given = await create(operator, member.id);
  const update = (caller: Caller, keyId: string, body: UpdateKeyBody) =>
    updateKey(context, caller, keyId, body).then(() => 'done', codeOf);
  const reset = (caller: Caller, keyId: string) =>
    resetQuota(context, caller, keyId).then(() => 'done', codeOf);
  return { member, operator, given, own: await create(member), update, reset };
}

test('a member cannot widen a key that was given to it, and can rename it', async () => {
  const { member, given, update, reset } = await start();
  for (const body of grants) expect(await update(member, given.id, body)).toBe('forbidden');
  expect(await update(member, given.id, { name: 'Mine', ...grants[0] })).toBe('forbidden');
  expect(await reset(member, given.id)).toBe('forbidden');
  expect(await update(member, given.id, { name: 'Mine', description: 'On the old laptop' })).toBe('done');
});

test('a member changes the keys that it made itself, and an operator all of them', async () => {
  const { member, operator, given, own, update, reset } = await start();
  for (const body of grants) {
    expect(await update(member, own.id, body)).toBe('done');
    expect(await update(operator, given.id, body)).toBe('done');
  }
  for (const [caller, key] of [
    [member, own],
    [operator, given],
  ] as const)
    expect(await reset(caller, key.id)).toBe('done');
});
