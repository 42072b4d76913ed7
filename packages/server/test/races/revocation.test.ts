import { describe, expect, test } from 'vitest';
import { createChannel } from '../../src/channels/create-channel.ts';
import { deleteChannel } from '../../src/channels/delete-channel.ts';
import { createKey } from '../../src/keys/create-key.ts';
import { deleteKey } from '../../src/keys/delete-key.ts';
import { retirePreviousSecret } from '../../src/keys/retire-previous-secret.ts';
import { revokeKey } from '../../src/keys/revoke-key.ts';
import { rotateKey } from '../../src/keys/rotate-key.ts';
import { switchKey } from '../../src/keys/switch-key.ts';
import { updateKey } from '../../src/keys/update-key.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { deleteProject } from '../../src/projects/delete-project.ts';
import type { Storage } from '../../src/storage/storage.ts';
import type { LoadedKey } from '../../src/verification/verification-store.ts';
import { forEachEngine } from '../support/engines.ts';
import { holdProject } from './gate.ts';
import { admin, type Service, startService } from './service.ts';

/** A storage whose reads of keys stop on their way back, after the database has answered. */
function withGate(storage: Storage) {
  const held: (() => void)[] = [];
  const gate = { isClosed: false, waiting: held };
  const loadKeys = async (
    hashes: Parameters<Storage['verification']['loadKeys']>[0],
  ): Promise<LoadedKey[]> => {
    const found = await storage.verification.loadKeys(hashes);
    if (gate.isClosed) await new Promise<void>((go) => held.push(go));
    return found;
  };
  return { gate, storage: { ...storage, verification: { ...storage.verification, loadKeys } } };
}

async function setUp(storage: Storage) {
  const service = await startService(storage);
  const project = await createProject(service.context, admin, { name: 'Race', preset: 'standard' });
  const { key, secret } = await createKey(service.context, admin, project.id, {
    ownerId: 'one',
    name: 'Raced',
  });
  return { service, projectId: project.id, keyId: key.id, secret: secret.reveal() };
}

async function ask({ verifier }: Service, secret: string): Promise<string> {
  return (await verifier.verify({ key: secret }, admin)).code;
}

forEachEngine((createPlace) => {
  test('a revocation while a load is on its way: neither answered valid afterwards nor kept', async () => {
    const place = await createPlace();
    const { gate, storage } = withGate(await place.open());
    const { service, keyId, secret } = await setUp(storage);

    gate.isClosed = true;
    const before = ask(service, secret);
    await expect.poll(() => gate.waiting.length).toBe(1);
    await revokeKey(service.context, admin, keyId, null);
    gate.isClosed = false;

    // Asked after the revocation returned, while the stale load is still on its way: it must not be shared.
    expect(await ask(service, secret)).toBe('revoked');
    for (const go of gate.waiting) go();
    expect(await before).toBe('revoked');
    expect(await ask(service, secret)).toBe('revoked');
  });

  test('of two rotations at once, one secret is the current one', async () => {
    const place = await createPlace();
    const { service, projectId, keyId, secret } = await setUp(await place.open());
    const gate = await holdProject(place, projectId, 2);
    const racing = [0, 0].map((overlap) => rotateKey(service.context, admin, keyId, overlap));
    await gate.open();

    const rotated = (await Promise.all(racing)).map((change) => change.secret.reveal());
    const codes = await Promise.all(rotated.map((fresh) => ask(service, fresh)));
    expect(codes.sort()).toEqual(['revoked', 'valid']);
    expect(await ask(service, secret)).toBe('revoked');
    const current = await place.query(
      `SELECT 1 FROM secrets WHERE key_id = '${keyId}' AND retires_at IS NULL`,
    );
    expect(current).toHaveLength(1);
  });

  describe('a verification that begins after it returned, with the key in memory, sees', () => {
    const cases: [
      string,
      string,
      (service: Service, keyId: string, projectId: string) => Promise<unknown>,
    ][] = [
      ['a revocation', 'revoked', ({ context }, keyId) => revokeKey(context, admin, keyId, null)],
      ['a deactivation', 'inactive', ({ context }, keyId) => switchKey(context, admin, keyId, 'inactive')],
      ['a deletion', 'not_found', ({ context }, keyId) => deleteKey(context, admin, keyId)],
      ['a rotation without overlap', 'revoked', ({ context }, keyId) => rotateKey(context, admin, keyId, 0)],
      [
        'a narrower address list',
        'ip_denied',
        ({ context }, keyId) => updateKey(context, admin, keyId, { ipAllow: ['192.0.2.1'] }),
      ],
      [
        'the deletion of the project',
        'not_found',
        ({ context }, _keyId, projectId) => deleteProject(context, admin, projectId),
      ],
    ];
    test.each(cases)('%s', async (_name, code, change) => {
      const place = await createPlace();
      const { service, keyId, projectId, secret } = await setUp(await place.open());
      expect(await ask(service, secret)).toBe('valid');
      await change(service, keyId, projectId);
      expect(await ask(service, secret)).toBe(code);
    });

    test('the end of an overlap', async () => {
      const place = await createPlace();
      const { service, keyId, secret } = await setUp(await place.open());
      await rotateKey(service.context, admin, keyId, 3600);
      expect(await ask(service, secret)).toBe('valid');
      await retirePreviousSecret(service.context, admin, keyId);
      expect(await ask(service, secret)).toBe('revoked');
    });

    test('the deletion of a channel', async () => {
      const place = await createPlace();
      const { service, projectId } = await setUp(await place.open());
      const channel = await createChannel(service.context, admin, projectId, {
        slug: 'orders',
        name: 'Orders',
      });
      const { secret } = await createKey(service.context, admin, projectId, {
        channelId: channel.id,
        expiresAt: service.context.clock.now() + 50,
      });
      expect(await ask(service, secret.reveal())).toBe('valid');
      await expect.poll(() => ask(service, secret.reveal())).toBe('expired');
      await deleteChannel(service.context, admin, channel.id);
      expect(await ask(service, secret.reveal())).toBe('revoked');
    });
  });

  test('nothing begun after a revocation returned is valid, however many ask meanwhile', async () => {
    const place = await createPlace();
    const { service, projectId } = await setUp(await place.open());
    const made = await Promise.all(
      Array.from({ length: 20 }, () => createKey(service.context, admin, projectId, {})),
    );
    const revoked = new Set<string>();
    const late: string[] = [];
    let isOver = false;
    const askers = Array.from({ length: 20 }, async (_, asker) => {
      for (let turn = asker; !isOver; turn++) {
        const secret = made[turn % made.length]?.secret.reveal() ?? '';
        const wasRevoked = revoked.has(secret);
        if ((await ask(service, secret)) === 'valid' && wasRevoked) late.push(secret);
        await new Promise(setImmediate);
      }
    });
    for (const { key, secret } of made) {
      await revokeKey(service.context, admin, key.id, null);
      revoked.add(secret.reveal());
    }
    isOver = true;
    await Promise.all(askers);
    expect(late).toEqual([]);
  });
});
