import { type VerifyBody, verifyCodes } from '@keywright/contract';
import { expect, test, vi } from 'vitest';
import { generateSecret } from '../../src/keys/secret-format.ts';
import { signUp } from '../support/account.ts';
import type { Client } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';
import { join } from '../support/membership.ts';
import { expectSince } from '../support/moment.ts';

const soon = { timeout: 10_000, interval: 50 };

onBothEngines((at) => {
  const send = (body: VerifyBody, requestId: string, caller: Client = at.admin) =>
    caller.call('verify', { body, headers: { 'X-Request-Id': requestId } });
  const statusOf = async (caller: Client, projectId: string, requestId: string) =>
    (await caller.send('getRefusal', { params: { projectId, requestId } })).status;
  const find = async (projectId: string, requestId: string, caller: Client = at.admin) => {
    await vi.waitUntil(async () => (await statusOf(caller, projectId, requestId)) === 200, soon);
    return caller.call('getRefusal', { params: { projectId, requestId } });
  };

  test('a refused request is found by its id, with what was asked and a word on why', async () => {
    const { id: projectId } = await at.createProject();
    const { slug } = await at.createChannel(projectId);
    const { key, secret } = await at.createKey(projectId, { name: 'Night job', scopes: ['read'] });
    const question = {
      channel: slug,
      scopes: ['read', 'write'],
      ip: '10.0.0.9',
      userAgent: 'curl/8',
      cost: 3,
    };
    const before = Date.now();
    const requestId = at.uniqueName('request');
    expect(await send({ key: secret, ...question }, requestId)).toMatchObject({ requestId, valid: false });
    const found = await find(projectId, requestId);
    expect(found).toEqual({
      requestId,
      at: expect.any(String),
      code: 'insufficient_scope',
      door: 'verify',
      detail: expect.stringContaining('read, write'),
      key: { id: key.id, name: 'Night job' },
      ...question,
      request: null,
    });
    expectSince(before, found.at);
  });

  test('an accepted request, and one that was not understood, leave none', async () => {
    const { id: projectId } = await at.createProject();
    const { secret } = await at.createKey(projectId);
    const accepted = at.uniqueName('request');
    const unclear = at.uniqueName('request');
    await send({ key: secret }, accepted);
    const answer = await at.admin.send('verify', {
      body: { key: secret, channel: 'no-such-channel' },
      headers: { 'X-Request-Id': unclear },
    });
    expect(answer.status).toBe(400);
    const caller = await at.createServiceKey(projectId);
    const later = at.uniqueName('request');
    await send({ key: 'x' }, later, caller);
    await find(projectId, later);
    for (const requestId of [accepted, unclear]) {
      expect(await statusOf(at.admin, projectId, requestId)).toBe(404);
    }
  });

  test('each request of a batch has its own', async () => {
    const { id: projectId } = await at.createProject();
    const caller = await at.createServiceKey(projectId);
    const good = await at.createKey(projectId);
    const bad = await at.createKey(projectId);
    await at.admin.call('deactivateKey', { params: { keyId: bad.key.id } });
    const requestId = at.uniqueName('batch');
    const requests = [{ key: 'x' }, { key: good.secret }, { key: bad.secret }];
    await caller.call('verifyBatch', { body: { requests }, headers: { 'X-Request-Id': requestId } });
    expect(await find(projectId, `${requestId}.2`)).toMatchObject({
      code: 'inactive',
      key: { id: bad.key.id },
    });
    expect(await find(projectId, `${requestId}.0`)).toMatchObject({ code: 'malformed', key: null });
    for (const id of [requestId, `${requestId}.1`]) expect(await statusOf(caller, projectId, id)).toBe(404);
  });

  test('the last one of an id that came again is told', async () => {
    const { id: projectId } = await at.createProject();
    const requestId = at.uniqueName('again');
    const first = await at.createKey(projectId);
    const { key } = await at.createKey(projectId);
    await send({ key: first.secret, scopes: ['no'] }, requestId);
    expect(await find(projectId, requestId)).toMatchObject({ code: 'insufficient_scope' });
    await at.admin.call('revokeKey', { params: { keyId: first.key.id } });
    await send({ key: first.secret }, requestId);
    await expect.poll(async () => (await find(projectId, requestId)).code, soon).toBe('revoked');
    expect(key.id).not.toBe(first.key.id);
  });

  test('where no key was found, it is the asking service key’s project that finds it, and nobody else', async () => {
    const [own, other] = [await at.createProject(), await at.createProject()];
    const caller = await at.createServiceKey(own.id);
    const { secret } = await at.createKey(other.id);
    const [unknown, foreign, ofNobody] = [1, 2, 3].map(() => at.uniqueName('request'));
    await send({ key: generateSecret('kw').reveal() }, unknown ?? '', caller);
    await send({ key: secret }, foreign ?? '', caller);
    await send({ key: generateSecret('kw').reveal() }, ofNobody ?? '');
    expect(await find(own.id, foreign ?? '')).toMatchObject({ code: 'not_found', key: null });
    expect(await find(own.id, unknown ?? '')).toMatchObject({ code: 'not_found', key: null });
    for (const projectId of [own.id, other.id]) {
      expect(await statusOf(at.admin, projectId, ofNobody ?? '')).toBe(404);
    }
    expect(await statusOf(at.admin, other.id, foreign ?? '')).toBe(404);
    expect(await statusOf(caller, other.id, foreign ?? '')).toBe(404);
  });

  test('a member finds the refusals of its own keys, an operator those of all', async () => {
    const { id: projectId } = await at.createProject();
    const [member, stranger, operator] = [await signUp(at), await signUp(at), await signUp(at)];
    await join(at, member, projectId, 'member');
    await join(at, stranger, projectId, 'member');
    await join(at, operator, projectId, 'operator');
    const { key, secret } = await member.call('createKey', { params: { projectId } });
    const others = await at.createKey(projectId);
    const [own, strange] = [at.uniqueName('request'), at.uniqueName('request')];
    await send({ key: secret, scopes: ['no'] }, own);
    await send({ key: others.secret, scopes: ['no'] }, strange);
    expect(await find(projectId, own, member)).toMatchObject({ key: { id: key.id } });
    await find(projectId, own, operator);
    await find(projectId, strange, operator);
    expect(await statusOf(member, projectId, strange)).toBe(404);
    for (const id of [own, strange]) expect(await statusOf(stranger, projectId, id)).toBe(404);
    expect(await statusOf(await signUp(at), projectId, own)).toBe(404);
  });

  test('a secret in the wrong place is not kept', async () => {
    const { id: projectId } = await at.createProject();
    const caller = await at.createServiceKey(projectId);
    const { key, secret } = await at.createKey(projectId);
    const other = generateSecret('kw').reveal();
    await at.admin.call('revokeKey', { params: { keyId: key.id } });
    const [own, foreign] = [at.uniqueName('request'), at.uniqueName('request')];
    await send({ key: secret, userAgent: `app ${secret}` }, own);
    await send({ key: secret, userAgent: `app ${other}` }, foreign);
    await send({ key: secret }, secret);
    await send({ key: 'x' }, other, caller);
    expect(await find(projectId, own)).toMatchObject({ userAgent: null });
    expect(await find(projectId, foreign)).toMatchObject({ userAgent: 'app [secret]' });
    for (const id of [secret, other]) expect(await statusOf(at.admin, projectId, id)).toBe(404);
  });

  test('every reason has its sentence', async () => {
    const { id: projectId } = await at.createProject();
    const caller = await at.createServiceKey(projectId);
    const { id: channelId, slug } = await at.createChannel(projectId);
    const { slug: elsewhere } = await at.createChannel(projectId);
    const make = async (body: Parameters<typeof at.createKey>[1] = {}) => at.createKey(projectId, body);
    const dead = await make();
    await at.admin.call('revokeKey', { params: { keyId: dead.key.id } });
    const off = await make();
    await at.admin.call('deactivateKey', { params: { keyId: off.key.id } });
    const limited = await make({ rateLimits: [{ name: 'few', limit: 1, windowSeconds: 3600 }] });
    const metered = await make({ quota: { limit: 1, period: 'total' } });
    const bound = await make({ channelId });
    const placed = await make({ ipAllow: ['10.0.0.0/8'] });
    for (const { secret } of [limited, metered]) await caller.call('verify', { body: { key: secret } });
    const asked: Record<(typeof verifyCodes)[number], [VerifyBody, RegExp]> = {
      malformed: [{ key: 'nonsense' }, /checksum/],
      not_found: [{ key: generateSecret('kw').reveal() }, /never issued/],
      revoked: [{ key: dead.secret }, /revoked/],
      inactive: [{ key: off.secret }, /switched off/],
      expired: [{ key: (await at.createExpired(projectId)).secret }, /expired/],
      wrong_channel: [{ key: bound.secret, channel: elsewhere }, new RegExp(`channel ${elsewhere}.*bound`)],
      ip_denied: [{ key: placed.secret, ip: '192.0.2.1' }, /192\.0\.2\.1 was none of them/],
      insufficient_scope: [{ key: bound.secret, channel: slug, scopes: ['a'] }, /the scope a\./],
      rate_limited: [{ key: limited.secret }, /rate limits/],
      quota_exceeded: [{ key: metered.secret }, /quota/],
    };
    for (const code of verifyCodes) {
      const requestId = at.uniqueName('request');
      const [body, sentence] = asked[code];
      expect((await send(body, requestId, caller)).code).toBe(code);
      const refusal = await find(projectId, requestId);
      expect(refusal).toMatchObject({ code, detail: expect.stringMatching(sentence) });
    }
    const requestId = at.uniqueName('request');
    await send({ key: placed.secret }, requestId, caller);
    expect((await find(projectId, requestId)).detail).toContain('did not say from which it came');
  });
});
