import { expect, test } from 'vitest';
import { newId } from '../../src/domain/id.ts';
import type { SecretHash } from '../../src/keys/secret-format.ts';
import type { Storage } from '../../src/storage/storage.ts';
import {
  resolutions,
  type UsageAddition,
  type UsageCode,
  type UsageCount,
  type UsageStore,
  type UsageSubject,
} from '../../src/usage/usage-store.ts';
import { forEachEngine } from '../support/engines.ts';
import { awkwardTexts, insertProject, newSecret, randomHash, storedKey } from '../support/records.ts';

const { minute, hour, day } = resolutions;
const start = Date.UTC(2027, 0, 31);
const wholeDay = { from: start, to: start + day, bucketMs: hour };
const codes: UsageCode[] = [
  ...(['valid', 'malformed', 'not_found', 'revoked', 'inactive', 'expired', 'wrong_channel'] as const),
  ...(['ip_denied', 'insufficient_scope', 'rate_limited', 'quota_exceeded'] as const),
];

forEachEngine((createPlace) => {
  test('a batch counts once, however often it is sent', async () => {
    const storage = await (await createPlace()).open();
    const { projectId } = await addKey(storage);
    const send = (node: string, batch: number) =>
      storage.transaction(async ({ usage }) => {
        if (!(await usage.claimBatch(node, batch, start))) return false;
        await usage.add(addition({ counts: [count(ofProject(projectId), { count: 5 })] }), start);
        return true;
      });
    const sent: [string, number][] = [
      ['a', 1],
      ['a', 1],
      ['b', 1],
      ['a', 2],
      ['a', 1],
      ['a', 2],
      ['a', 3],
    ];
    const outcomes: boolean[] = [];
    for (const [node, batch] of sent) outcomes.push(await send(node, batch));
    expect(outcomes).toEqual([true, false, true, true, false, false, true]);
    expect(await storage.stores.usage.sumOfProject(projectId, wholeDay)).toMatchObject([{ count: 20 }]);
  });

  test('a batch that was undone was never there', async () => {
    const storage = await (await createPlace()).open();
    const claim = (fails: boolean) =>
      storage.transaction(async ({ usage }) => {
        const isNew = await usage.claimBatch('a', 1, start);
        if (fails) throw new Error('undone');
        return isNew;
      });
    await expect(claim(true)).rejects.toThrow('undone');
    expect(await claim(false)).toBe(true);
  });

  test('the journal gives back what was put in, the oldest first, and each part once', async () => {
    const storage = await (await createPlace()).open();
    const { key, projectId, hash } = await addKey(storage);
    const subjects = [ofSecret(hash, key.id), ofProject(projectId), ofProject(projectId, true)];
    const parts = awkwardTexts.map((text, i) => ({
      id: `${9 - i} ${text}`,
      addition: addition({
        counts: subjects.flatMap((subject) => codes.map((code) => count(subject, { code, count: i + 1 }))),
        keyUses: [{ keyId: key.id, projectId, at: start + i, ip: i % 2 ? null : '::1', userAgent: text }],
        origins: [{ subjectId: key.id, ip: null, userAgent: text, lastAt: start, count: i }],
        serviceKeyUses: [{ id: 'svc_1', at: start + i }],
      }),
    }));
    const inUsage = <T>(run: (usage: UsageStore) => Promise<T>) =>
      storage.transaction((stores) => run(stores.usage));
    await inUsage((usage) => usage.keep(parts));
    await inUsage((usage) => usage.keep([]));
    const oldestFirst = parts.toReversed();
    expect(await inUsage((usage) => usage.kept(100, ''))).toEqual(oldestFirst);
    expect(await inUsage((usage) => usage.kept(2, oldestFirst[0]?.id ?? ''))).toEqual(
      oldestFirst.slice(1, 3),
    );
    const ids = oldestFirst.map(({ id }) => id);
    expect(await inUsage((usage) => usage.takeKept(ids.slice(0, 2)))).toBe(2);
    expect(await inUsage((usage) => usage.takeKept(ids.slice(1, 4)))).toBe(2);
    expect(await inUsage((usage) => usage.kept(100, ''))).toEqual(oldestFirst.slice(4));
    await expect(inUsage((usage) => usage.keep(parts.slice(0, 1)))).rejects.toThrow();
  });

  test('every code comes back as it went in, added up', async () => {
    const storage = await (await createPlace()).open();
    const { key, projectId, hash } = await addKey(storage);
    const subject = ofSecret(hash, key.id);
    const counts = codes.map((code, index) => count(subject, { code, count: index + 1 }));
    for (let i = 0; i < 3; i++) await add(storage, { counts });
    const sums = await storage.stores.usage.sumOfKeys({ projectId, keyIds: [key.id] }, wholeDay);
    const expected = codes.map((code, i) => ({ at: start, isFormer: false, code, count: 3 * (i + 1) }));
    expect(sums).toEqual(expected);
  });

  test('sums add up minutes, hours and days, each in its bucket, and nothing beyond the ends', async () => {
    const storage = await (await createPlace()).open();
    const { key, projectId, hash } = await addKey(storage);
    const subject = ofSecret(hash, key.id);
    await add(storage, {
      counts: [
        count(subject, { at: start - minute, count: 1 }),
        count(subject, { at: start, count: 2 }),
        count(subject, { at: start + minute, count: 4 }),
        count(subject, { at: start, resolution: hour, count: 8 }),
        count(subject, { at: start + hour, resolution: hour, count: 16 }),
        count(subject, { at: start + hour + 59 * minute, count: 32 }),
        count(subject, { at: start, resolution: day, count: 64 }),
        count(subject, { at: start + 2 * hour, count: 128 }),
        count(subject, { at: start - day, resolution: day, count: 256 }),
      ],
    });
    const sum = async (from: number, to: number, bucketMs: number) => {
      const span = { from, to, bucketMs };
      const sums = await storage.stores.usage.sumOfKeys({ projectId, keyIds: [key.id] }, span);
      return sums.map(({ at, count: total }) => [at - start, total]);
    };
    expect(await sum(start, start + 2 * hour, hour)).toEqual([
      [0, 2 + 4 + 8 + 64],
      [hour, 16 + 32],
    ]);
    expect(await sum(start, start + 2 * minute, minute)).toEqual([
      [0, 2 + 8 + 64],
      [minute, 4],
    ]);
    expect(await sum(start - day, start + day, day)).toEqual([
      [-day, 1 + 256],
      [0, 2 + 4 + 8 + 16 + 32 + 64 + 128],
    ]);
  });

  test('the secret of the moment is the current one, every other is a former one', async () => {
    const storage = await (await createPlace()).open();
    const { key, projectId, hash: first } = await addKey(storage);
    const hashes = [first];
    const counts = (hash: SecretHash, i: number) => count(ofSecret(hash, key.id), { count: 10 ** i });
    for (let i = 0; i < 3; i++) {
      const secret = newSecret();
      await storage.transaction(({ keys }) => keys.addSecret(key.id, secret, start + i, start));
      hashes.push(secret.hash);
    }
    await add(storage, { counts: hashes.map(counts) });
    const read = () => storage.stores.usage.sumOfKeys({ projectId, keyIds: [key.id] }, wholeDay);
    expect(await read()).toMatchObject([
      { isFormer: false, count: 1000 },
      { isFormer: true, count: 111 },
    ]);
    await storage.transaction(({ keys }) => keys.addSecret(key.id, newSecret(), start, start));
    expect(await read()).toMatchObject([{ isFormer: true, count: 1111 }]);
  });

  test('keys are told one by one or together, and only those of the project, of the owner, and not deleted', async () => {
    const storage = await (await createPlace()).open();
    const a = await addKey(storage, { ownerId: 'acc_a' });
    const { projectId } = a;
    const others = [];
    for (const ownerId of ['acc_a', 'acc_b', null])
      others.push(await addKey(storage, { projectId, ownerId }));
    const strange = await addKey(storage, { ownerId: 'acc_a' });
    const all = [a, ...others, strange];
    await add(storage, {
      counts: all.map(({ key, hash }, i) => count(ofSecret(hash, key.id), { count: 10 ** i })),
      origins: all.map(({ key }, i) => ({
        subjectId: key.id,
        ip: `10.0.0.${i}`,
        userAgent: null,
        lastAt: start + i,
        count: 1,
      })),
    });
    const keyIds = all.map(({ key }) => key.id);
    const { usage } = storage.stores;
    const ids = async (selection: { ownerId?: string }) => {
      const sums = await usage.sumsOfKeys({ projectId, ...selection, keyIds }, wholeDay);
      const origins = await usage.originsOfKeys({ projectId, ...selection, keyIds });
      const indexes = sums.map(({ keyId }) => keyIds.indexOf(keyId)).sort();
      expect(origins.map(({ ip }) => Number(ip?.split('.')[3]))).toEqual(indexes.toReversed());
      return indexes;
    };
    expect(await ids({})).toEqual([0, 1, 2, 3]);
    expect(await ids({ ownerId: 'acc_a' })).toEqual([0, 1]);
    expect(await usage.sumOfKeys({ projectId, ownerId: 'acc_a' }, wholeDay)).toMatchObject([{ count: 11 }]);

    await storage.transaction(({ keys }) => keys.delete(a.key.id, start));
    expect(await ids({})).toEqual([1, 2, 3]);
    // What an owner had is told with what it has.
    expect(await usage.sumOfKeys({ projectId, ownerId: 'acc_a' }, wholeDay)).toMatchObject([{ count: 11 }]);
  });

  test('the sums of a project are its own, current and former secrets apart', async () => {
    const storage = await (await createPlace()).open();
    const [a, b] = [newId('project', start), newId('project', start)];
    await add(storage, {
      counts: [
        count(ofProject(a), { count: 1 }),
        count(ofProject(a, true), { count: 2 }),
        count(ofProject(b), { count: 4 }),
      ],
      origins: [a, b].map((subjectId) => ({ subjectId, ip: subjectId, userAgent: 'x', lastAt: 1, count: 1 })),
    });
    expect(await storage.stores.usage.sumOfProject(a, wholeDay)).toEqual([
      { at: start, isFormer: false, code: 'valid', count: 1 },
      { at: start, isFormer: true, code: 'valid', count: 2 },
    ]);
    expect(await storage.stores.usage.originsOfProject(a)).toEqual([
      { ip: a, userAgent: 'x', lastAt: 1, count: 1 },
    ]);
  });

  test('the last use of a key is in its row and its list, and never goes back in time', async () => {
    const storage = await (await createPlace()).open();
    const { key, projectId } = await addKey(storage);
    const use = async (at: number, ip: string | null, userAgent: string | null) => {
      await add(storage, { keyUses: [{ keyId: key.id, projectId, at, ip, userAgent }] });
      return (await storage.stores.keys.find(key.id, start))?.lastUse;
    };
    for (const [index, text] of awkwardTexts.entries()) {
      const lastUse = { at: start + index, ip: `::${index}`, userAgent: text };
      expect(await use(lastUse.at, lastUse.ip, text)).toEqual(lastUse);
    }
    const last = { at: start + 100, ip: null, userAgent: null };
    expect(await use(start + 100, null, null)).toEqual(last);
    expect(await use(start + 99, '10.0.0.1', 'late')).toEqual(last);
    const slice = { from: null, direction: 'next', limit: 5 } as const;
    const [row] = await storage.stores.keys.list({ projectId }, '-lastUsedAt', slice, start);
    expect(row?.lastUse).toEqual(last);
  });

  test('when the previous secret was used last is told by what it let in, in whatever it is kept', async () => {
    const storage = await (await createPlace()).open();
    const { key, hash } = await addKey(storage);
    const secret = newSecret();
    await storage.transaction(({ keys }) => keys.addSecret(key.id, secret, start + day, start));
    const previous = async () => (await storage.stores.keys.find(key.id, start))?.previous?.lastUsedAt;
    expect(await previous()).toBeNull();
    const [former, current] = [ofSecret(hash, key.id), ofSecret(secret.hash, key.id)];
    const steps: [Partial<UsageCount> & { lastAt: number }, number | null][] = [
      [{ code: 'revoked', lastAt: 1000 }, null],
      [{ lastAt: 5 }, 5],
      [{ lastAt: 3 }, 5],
      [{ at: start - minute, lastAt: 2 }, 5],
      [{ at: start - hour, resolution: hour, lastAt: 7 }, 7],
      [{ at: start - day, resolution: day, lastAt: 8 }, 8],
      [{ at: start + minute, lastAt: 9 }, 9],
    ];
    for (const [fields, expected] of steps) {
      await add(storage, { counts: [count(former, fields), count(current, { ...fields, lastAt: 10_000 })] });
      expect(await previous()).toBe(expected);
    }
  });

  test('the sixteen origins that were seen last are kept, with their counts', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const { key, projectId } = await addKey(storage);
    const { key: quiet } = await addKey(storage, { projectId });
    const origin = (i: number, subjectId = key.id) => ({
      subjectId,
      ip: i % 3 === 0 ? null : `10.0.0.${i}`,
      userAgent: i % 3 === 0 || i % 2 === 0 ? `agent ${i}` : null,
      lastAt: start + i,
      count: i,
    });
    const read = (id: string) => storage.stores.usage.originsOfKeys({ projectId, keyIds: [id] });
    const told = (i: number) => {
      const { subjectId: _, ...rest } = origin(i);
      return rest;
    };
    await add(storage, { origins: [origin(1, quiet.id)] });
    for (let i = 1; i <= 40; i += 4) {
      await add(storage, { origins: [0, 1, 2, 3].map((n) => origin(i + n)) });
    }
    expect(await read(key.id)).toEqual(Array.from({ length: 16 }, (_, i) => told(40 - i)));
    expect(await read(quiet.id)).toEqual([told(1)]);
    const [stored] = await place.query<{ count: number }>('SELECT count(*) AS count FROM usage_origins');
    expect(Number(stored?.count)).toBe(16 + 1);
    // What was forgotten begins anew, what is known goes on, and a late batch does not make it look older.
    await add(storage, { origins: [origin(1)] });
    expect(await read(key.id)).toHaveLength(16);
    await add(storage, { origins: [{ ...origin(30), lastAt: 1, count: 500 }] });
    expect((await read(key.id)).find(({ count: total }) => total > 500)).toEqual({ ...told(30), count: 530 });
  });

  test('a service key’s last use is its own, and never goes back', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const ids = ['svc_a', 'svc_b'];
    for (const id of ids) {
      await place.query(
        `INSERT INTO service_keys (id, name, scopes, display, created_at, created_by, bootstrap)
         VALUES ('${id}', 'x', '["verify"]', 'x', 1, 'x', 0)`,
      );
    }
    for (const at of [5, 9, 7])
      await add(storage, {
        serviceKeyUses: [
          { id: 'svc_a', at },
          { id: 'svc_gone', at },
        ],
      });
    const slice = { from: null, direction: 'previous', limit: 5 } as const;
    const rows = await storage.stores.serviceKeys.list({}, slice);
    expect(rows.map(({ id, lastUsedAt }) => [id, lastUsedAt])).toEqual([
      ['svc_a', 9],
      ['svc_b', null],
    ]);
  });

  test('what lies ahead was written while a clock was wrong, and gives way to what is written now', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const { key, projectId } = await addKey(storage);
    await place.query(
      `INSERT INTO service_keys (id, name, scopes, display, created_at, created_by, bootstrap)
       VALUES ('svc_a', 'x', '["verify"]', 'x', 1, 'x', 0)`,
    );
    const use = async (at: number, ips: string[]) => {
      const origins = ips.map((ip) => ({ subjectId: key.id, ip, userAgent: null, lastAt: at, count: 1 }));
      const keyUses = [{ keyId: key.id, projectId, at, ip: ips[0] ?? null, userAgent: null }];
      await add(storage, { keyUses, origins, serviceKeyUses: [{ id: 'svc_a', at }] }, at);
    };
    const ahead = Array.from({ length: 16 }, (_, i) => `10.0.0.${i}`);
    await use(start + 3650 * day, ahead);
    await use(start, ['10.0.1.1', '10.0.0.3']);
    expect((await storage.stores.keys.find(key.id, start))?.lastUse).toMatchObject({
      at: start,
      ip: '10.0.1.1',
    });
    const slice = { from: null, direction: 'next', limit: 5 } as const;
    expect((await storage.stores.serviceKeys.list({}, slice))[0]?.lastUsedAt).toBe(start);
    const known = await storage.stores.usage.originsOfKeys({ projectId, keyIds: [key.id] });
    expect(known).toHaveLength(16);
    const right = known.filter(({ lastAt }) => lastAt === start).map(({ ip, count }) => [ip, count]);
    expect(right.sort()).toEqual([
      ['10.0.0.3', 2],
      ['10.0.1.1', 1],
    ]);
    await use(start - 1, ['10.0.2.1']);
    expect((await storage.stores.keys.find(key.id, start))?.lastUse).toMatchObject({ at: start });
  });

  test('two nodes add at once, and nothing is lost', async () => {
    const storage = await (await createPlace()).open();
    const projectId = newId('project', start);
    const secrets = Array.from({ length: 30 }, () => ofSecret(randomHash(), newId('key', start)));
    const counts = [...secrets, ofProject(projectId)].map((subject) => count(subject, {}));
    const origins = secrets.map((_, i) => ({
      subjectId: 'key',
      ip: `${i}`,
      userAgent: null,
      lastAt: i,
      count: 1,
    }));
    await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        add(storage, {
          counts: i % 2 ? counts : counts.toReversed(),
          origins: i % 2 ? origins : origins.toReversed(),
        }),
      ),
    );
    expect(await storage.stores.usage.sumOfProject(projectId, wholeDay)).toMatchObject([{ count: 8 }]);
  });
});

function add(storage: Storage, fields: Partial<UsageAddition>, now = start): Promise<void> {
  return storage.transaction(({ usage }) => usage.add(addition(fields), now));
}

function addition(fields: Partial<UsageAddition>): UsageAddition {
  return { counts: [], keyUses: [], origins: [], serviceKeyUses: [], ...fields };
}

function ofSecret(hash: SecretHash, keyId: string): UsageSubject {
  return { type: 'secret', hash, keyId };
}

function ofProject(projectId: string, isFormer = false): UsageSubject {
  return { type: 'project', projectId, isFormer };
}

function count(subject: UsageSubject, fields: Partial<UsageCount>): UsageCount {
  return { subject, resolution: minute, at: start, code: 'valid', count: 1, lastAt: start, ...fields };
}

async function addKey(storage: Storage, fields: { projectId?: string; ownerId?: string | null } = {}) {
  return storage.transaction(async (stores) => {
    const projectId = fields.projectId ?? (await insertProject(stores)).id;
    const key = storedKey({ projectId, ownerId: fields.ownerId ?? null });
    const secret = newSecret();
    await stores.keys.insert(key, secret);
    return { key, projectId, hash: secret.hash };
  });
}
