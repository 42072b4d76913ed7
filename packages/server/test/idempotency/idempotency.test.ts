import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Context, Stores } from '../../src/domain/context.ts';
import { AnswerUpkeep } from '../../src/idempotency/answer-upkeep.ts';
import { makeRepeatable } from '../../src/idempotency/make-repeatable.ts';
import { RunningRequests } from '../../src/idempotency/running-requests.ts';
import { bulkKeys } from '../../src/keys/bulk-keys.ts';
import { createKey } from '../../src/keys/create-key.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { createDatabase, forEachEngine } from '../support/engines.ts';
import { hold } from '../support/hold.ts';
import { admin, codeOf, expectIntactLedger, startEngine } from '../support/running-engine.ts';
import { untilBlocked } from '../support/waiting.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest();
const request = (id: string, content = 'body') => ({ id: sha256(id), content: sha256(content) });
const dayMs = 86_400_000;

forEachEngine((createPlace) => {
  async function start() {
    const place = await createPlace();
    const engine = await startEngine(await place.open());
    const { id: projectId } = await createProject(engine.context, admin, { name: 'P', preset: 'channels' });
    return { place, engine, context: engine.context, projectId };
  }
  const revoke = (context: Context, projectId: string, keyIds: string[]) =>
    bulkKeys(context, admin, projectId, { action: 'revoke', keyIds });

  test('a process that ended after the commit and before the answer: the next one answers, and does nothing again', async () => {
    const { place, engine, projectId } = await start();
    const { key } = await createKey(engine.context, admin, projectId, {});
    const barrier = () => Promise.reject(new Error('killed'));
    const killed = makeRepeatable({ ...engine.context, barrier }, { ...request('r'), answersSecret: false });
    await expect(revoke(killed, projectId, [key.id])).rejects.toThrow('killed');
    const { rows } = await expectIntactLedger(engine);
    await engine.heartbeat.stop();
    await engine.storage.close();

    const next = await startEngine(await place.open());
    const repeated = makeRepeatable(next.context, { ...request('r'), answersSecret: false });
    const { results, propagation } = await revoke(repeated, projectId, [key.id]);
    expect(results).toEqual([{ keyId: key.id, ok: true }]);
    expect(propagation.acknowledged).toBe(1);
    expect((await expectIntactLedger(next)).rows).toBe(rows);
  });

  test('as long as it is not committed, nothing of it is there: the same again is made', async () => {
    const { engine, context, projectId } = await start();
    const cut: Context = {
      ...context,
      change: (caller, run, options) =>
        context.change(
          caller,
          async (stores, now) => {
            await run(stores, now);
            throw new Error('killed');
          },
          options,
        ),
    };
    const making = (from: Context) =>
      createKey(makeRepeatable(from, { ...request('r'), answersSecret: true }), admin, projectId, {});
    await expect(making(cut)).rejects.toThrow('killed');
    const { key } = await making(context);
    expect(await making(context).catch((error) => error.ids)).toEqual({ keyId: key.id });
    await expectIntactLedger(engine);
  });

  test('after 24 hours the same key is free for another request, and its row is forgotten', async () => {
    const { place, engine, context, projectId } = await start();
    const make = (id: string, content?: string) =>
      createKey(
        makeRepeatable(context, { ...request(id, content), answersSecret: true }),
        admin,
        projectId,
        {},
      );
    for (const id of ['a', 'b']) await make(id);
    expect(await make('a', 'another body').catch(codeOf)).toBe('idempotency_mismatch');
    const age = (ms: number) => place.query(`UPDATE idempotency SET at = at - ${ms}`);
    await age(dayMs - 60_000);
    expect(await make('a').catch(codeOf)).toBe('idempotency_replayed');
    await age(60_000);
    const { key } = await make('a', 'another body');
    expect(await make('a', 'another body').catch((error) => error.ids)).toEqual({ keyId: key.id });
    await engine.answerUpkeep.run();
    expect(await place.query('SELECT secret_of FROM idempotency')).toEqual([{ secret_of: key.id }]);
    expect((await make('b')).key.id).not.toBe(key.id);
  });

  test('however many are to be forgotten, a transaction takes a few, and those of today stay', async () => {
    const { place, engine } = await start();
    const now = Date.now();
    await engine.storage.transaction(async ({ idempotency }) => {
      for (let i = 0; i < 1300; i++) {
        const at = i < 1250 ? now - dayMs - i : now;
        await idempotency.claim({ ...request(`r${i}`), at, expiredAt: 0 });
      }
    });
    const parts: number[] = [];
    const upkeep = new AnswerUpkeep({
      clock: { now: () => now, isSettled: () => true },
      log: { warn: (fields) => Promise.reject(fields) },
      transaction: <T>(run: (stores: Stores) => Promise<T>) =>
        engine.storage.transaction(async (stores) => {
          const part = await run(stores);
          parts.push(Number(part));
          return part;
        }),
    });
    await upkeep.run();
    expect(parts).toEqual([500, 500, 250]);
    expect(await place.query('SELECT count(*) AS count FROM idempotency')).toMatchObject([
      { count: expect.toSatisfy((count) => Number(count) === 50) },
    ]);
  });

  test('a use case that would make two changes is found out', async () => {
    const { context, projectId } = await start();
    const repeated = makeRepeatable(context, { ...request('r'), answersSecret: true });
    await createKey(repeated, admin, projectId, {});
    await expect(createKey(repeated, admin, projectId, {})).rejects.toThrow('makes one change');
  });

  test('held at a gate, the same request is running, and only that one', async () => {
    const { place, engine, context, projectId } = await start();
    const { key } = await createKey(context, admin, projectId, {});
    const running = new RunningRequests();
    const send = (id: string) =>
      running.run(request(id), () =>
        revoke(makeRepeatable(context, { ...request(id), answersSecret: false }), projectId, [key.id]),
      );
    const release = await hold(
      place,
      engine.storage,
      `SELECT 1 FROM projects WHERE id = '${projectId}' FOR UPDATE`,
    );
    const first = send('r');
    const other = send('other');
    await untilBlocked(place, 2);
    for (let i = 0; i < 2; i++) expect(await send('r').catch(codeOf)).toBe('idempotency_conflict');
    await release();
    const { results } = await first;
    await other;
    expect((await send('r')).results).toEqual(results);
  });
});

test('on PostgreSQL, what another process is just making is running, and afterwards it is done', async () => {
  const place = await createDatabase();
  const { context, storage } = await startEngine(await place.open());
  const { id: projectId } = await createProject(context, admin, { name: 'P', preset: 'channels' });
  const { key } = await createKey(context, admin, projectId, {});
  const send = () =>
    bulkKeys(makeRepeatable(context, { ...request('r'), answersSecret: false }), admin, projectId, {
      action: 'revoke',
      keyIds: [key.id],
    });
  const release = await hold(place, storage, `SELECT 1 FROM projects WHERE id = '${projectId}' FOR UPDATE`);
  const first = send();
  await untilBlocked(place, 1);
  // It does not wait for the one that runs.
  expect(await send().catch(codeOf)).toBe('idempotency_conflict');
  await release();
  const { results } = await first;
  expect((await send()).results).toEqual(results);
});
