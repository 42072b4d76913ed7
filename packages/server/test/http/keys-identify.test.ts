import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { onBothEngines } from '../support/installation.ts';

const sha256 = (secret: string, encoding: 'hex' | 'base64' | 'base64url' = 'hex') =>
  createHash('sha256').update(secret).digest(encoding);

onBothEngines((at) => {
  const identify = (secret: string) => at.admin.call('identifyKey', { body: { sha256: sha256(secret) } });

  test('the current secret, the previous one in its overlap, and one that is retired', async () => {
    const { id: projectId } = await at.createProject();
    const channel = await at.createChannel(projectId);
    const { key, secret } = await at.createKey(projectId, { ownerId: 'o', channelId: channel.id });
    const { id, name, createdAt } = key;
    expect(await identify(secret)).toEqual({
      key: {
        id,
        name,
        projectId,
        channelId: channel.id,
        ownerId: 'o',
        status: 'active',
        createdAt,
        revokedAt: null,
        deletedAt: null,
      },
      secret: 'current',
      display: key.display,
      retiresAt: null,
    });

    const rotated = await at.admin.call('rotateKey', { params: { keyId: id } });
    const endsAt = rotated.key.rotation?.endsAt;
    expect(await identify(secret)).toMatchObject({ key: { id }, secret: 'previous', retiresAt: endsAt });
    expect(await identify(rotated.secret)).toMatchObject({ key: { id }, secret: 'current' });

    await at.admin.call('retirePreviousSecret', { params: { keyId: id } });
    const retired = await identify(secret);
    expect(retired).toMatchObject({ key: { id, status: 'active' }, secret: 'retired' });
    expect(Date.parse(retired.retiresAt ?? '')).toBeLessThanOrEqual(Date.now() + 1000);
  });

  test('keys that are switched off, expired, revoked, deleted, or gone with their project', async () => {
    const { id: projectId } = await at.createProject();
    const { key, secret } = await at.createKey(projectId);
    const params = { keyId: key.id };
    const statusNow = async () => (await identify(secret)).key.status;
    await at.admin.call('deactivateKey', { params });
    expect(await statusNow()).toBe('inactive');
    await at.admin.call('revokeKey', { params });
    const revoked = await identify(secret);
    expect(revoked.key).toMatchObject({ status: 'revoked', deletedAt: null });
    expect(revoked.key.revokedAt).not.toBeNull();
    await at.admin.call('deleteKey', { params });
    const deleted = await identify(secret);
    expect(deleted).toMatchObject({
      key: { id: key.id, status: 'deleted', name: key.name },
      secret: 'current',
    });
    expect(deleted.key.deletedAt).not.toBeNull();

    const expired = await at.createExpired(projectId);
    expect((await identify(expired.secret)).key.status).toBe('expired');
    const left = await at.createKey(projectId);
    await at.admin.call('deleteProject', { params: { projectId } });
    expect((await identify(left.secret)).key).toMatchObject({ id: left.key.id, status: 'deleted' });
  });

  test('a hash in hex of any case, and in base64 of either alphabet, padded or not', async () => {
    const { id: projectId } = await at.createProject();
    // Until there is one whose hash needs both characters in which the alphabets differ.
    let { key, secret } = await at.createKey(projectId);
    while (!/[+].*[/]|[/].*[+]/.test(sha256(secret, 'base64')))
      ({ key, secret } = await at.createKey(projectId));
    const spellings = [
      sha256(secret),
      sha256(secret).toUpperCase(),
      sha256(secret, 'base64'),
      sha256(secret, 'base64').replace('=', ''),
      sha256(secret, 'base64url'),
      `${sha256(secret, 'base64url')}=`,
    ];
    for (const spelling of spellings) {
      const found = await at.admin.call('identifyKey', { body: { sha256: spelling } });
      expect(found.key.id, spelling).toBe(key.id);
    }
  });

  test.each([
    ['the secret itself', 'kw_01234567890123456789012345678901234567890123456789012345678901'],
    ['63 digits', 'a'.repeat(63)],
    ['65 digits', 'a'.repeat(65)],
    ['other letters', 'g'.repeat(64)],
    ['31 bytes in base64', Buffer.alloc(31).toString('base64')],
    ['33 bytes in base64', Buffer.alloc(33).toString('base64')],
    ['two alphabets in one', `+_${'A'.repeat(41)}=`],
    ['bits that belong to no byte', `${'A'.repeat(42)}B=`],
    ['too much padding', `${'A'.repeat(43)}==`],
    ['space around', ` ${'a'.repeat(64)}`],
    ['a line end behind', `${'a'.repeat(64)}\n`],
    ['nothing', ''],
    ['an array', ['a'.repeat(64)]],
  ])('400 for %s, which the answer does not repeat', async (_, value) => {
    const problem = await at.admin.refuse('identifyKey', { body: { sha256: value } });
    expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: 'sha256' }] });
    if (String(value).length > 10) expect(JSON.stringify(problem)).not.toContain(String(value));
  });

  test('a key of another project is not found, whatever it is, in the same words as an unknown hash', async () => {
    const [own, other] = [await at.createProject(), await at.createProject()];
    const caller = await at.createServiceKey(own.id, ['keys:read']);
    const { secret } = await at.createKey(other.id);
    const gone = await at.createKey(other.id);
    await at.admin.call('deleteKey', { params: { keyId: gone.key.id } });
    const mine = await at.createKey(own.id);
    const refusals = [];
    for (const text of [secret, gone.secret, 'what nobody issued']) {
      const { requestId: _, ...problem } = await caller.refuse('identifyKey', {
        body: { sha256: sha256(text) },
      });
      refusals.push(problem);
    }
    for (const problem of refusals) expect(problem).toEqual(refusals[0]);
    expect(refusals[0]).toMatchObject({ status: 404, code: 'not_found' });
    const found = await caller.call('identifyKey', { body: { sha256: sha256(mine.secret) } });
    expect(found.key.id).toBe(mine.key.id);
  });

  test('who may read no keys learns nothing, whether the hash is known or not', async () => {
    const { id: projectId } = await at.createProject();
    const caller = await at.createServiceKey(projectId, ['keys:write', 'admin']);
    const { secret } = await at.createKey(projectId);
    for (const text of [secret, 'what nobody issued']) {
      expect(await caller.refuse('identifyKey', { body: { sha256: sha256(text) } })).toMatchObject({
        status: 403,
        code: 'forbidden',
      });
    }
  });
});
