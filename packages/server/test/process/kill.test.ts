import { setTimeout as sleep } from 'node:timers/promises';
import type { Key, LedgerExportRow, VerifyAnswer, VerifyBody } from '@keywright/contract';
import { expect, test } from 'vitest';
import { generateSecret } from '../../src/keys/secret-format.ts';
import { type Client, client } from '../support/client.ts';
import { forEachEngine, type Place } from '../support/engines.ts';
import { startService } from '../support/running-service.ts';
import { keywright, settingsOf } from './support/program.ts';
import { createWorld, expectedCode, type ReplayedKey, replay, storm, type World } from './support/world.ts';

const rounds = 10;

forEachEngine((createPlace) => {
  test('killed in a storm, ten times over: what was answered is there, all else is whole or absent', {
    timeout: 240_000,
  }, async () => {
    const place = await createPlace();
    const bootstrapKey = generateSecret('kws').reveal();
    const start = async () => {
      const service = await startService({
        env: { ...settingsOf(place), KEYWRIGHT_BOOTSTRAP_KEY: bootstrapKey },
      });
      return { service, api: client(service.url, bootstrapKey) };
    };
    let { service, api } = await start();
    const world = createWorld([await createProject(api, 'token'), await createProject(api, 'pair')]);
    const head = (await verifyChain(place)).head;

    for (let round = 1; round <= rounds; round++) {
      world.isKilled = false;
      const before = world.answered;
      const raging = storm(world, api, round);
      await killingMoment(world, round);
      world.isKilled = true;
      await Promise.all([service.kill(), raging]);
      expect(world.surprises).toEqual([]);
      expect(world.answered, 'changes answered in this round').toBeGreaterThan(before);
      ({ service, api } = await start());
      await check(world, api, place);
    }

    await service.stop();
    // Nothing of what was there at the beginning was written anew.
    expect(await verifyChain(place, head)).toMatchObject({ holds: true });
  });
});

/** A moment somewhere in the first half second: after a time, or with an answer just in and others on their way. */
async function killingMoment(world: World, round: number): Promise<void> {
  const wanted = world.answered + 1 + Math.floor(Math.random() * 150);
  const deadline = performance.now() + 30 + Math.random() * 470;
  const before = world.answered;
  const isTime = () => performance.now() > deadline && world.answered > before;
  while (round % 2 === 0 ? world.answered < wanted : !isTime()) {
    if (world.surprises.length > 0) return;
    await sleep(1);
  }
}

async function createProject(api: Client, format: 'token' | 'pair'): Promise<string> {
  const body = { name: `Project of ${format}s`, policy: { format, maxKeysPerOwner: null } };
  return (await api.call('createProject', { body })).id;
}

async function verifyChain(place: Place, head?: string): Promise<{ holds: boolean; head: string }> {
  const args = ['audit', 'verify', '--json', ...(head === undefined ? [] : ['--head', head])];
  const { code, stdout, stderr } = await keywright(args, { env: settingsOf(place) });
  expect(code, stdout + stderr).toBe(0);
  return JSON.parse(stdout);
}

/** Compares what the callers were answered, the ledger, the API and the tables with each other. */
async function check(world: World, api: Client, place: Place): Promise<void> {
  const [rows, listed] = await Promise.all([exportLedger(api), listKeys(world, api), verifyChain(place)]);
  const replayed = replay(rows);
  checkAnswered(world, replayed);
  checkListed(listed, replayed);
  await checkTables(place, replayed);
  await checkSecrets(world, api, replayed);
}

/** What was answered is in the ledger; what was not is there as a whole, or not at all. */
function checkAnswered(world: World, replayed: Map<string, ReplayedKey>): void {
  for (const key of world.keys.values()) {
    const actions = replayed.get(key.id)?.actions ?? [];
    if (key.isShared) {
      // Switching on what another caller had switched on is answered too, and changes nothing.
      const lasting = key.answered.filter((action) => /created|revoked|deleted/.test(action));
      expect(actions, key.id).toEqual(expect.arrayContaining(lasting));
      const countRotations = (list: string[]) => list.filter((action) => action === 'key.rotated').length;
      expect(countRotations(actions), key.id).toBeGreaterThanOrEqual(countRotations(key.answered));
    } else {
      const withPending = key.pending === null ? key.answered : [...key.answered, key.pending];
      expect([key.answered, withPending], key.id).toContainEqual(actions);
      if (actions.length > key.answered.length && key.pending === 'key.rotated') key.secrets.push(null);
    }
    // The next storm does not touch keys of this one, so that what happened to them is settled.
    key.answered = actions;
    key.pending = null;
  }
  for (const [id, { name }] of replayed) {
    if (world.keys.has(id)) continue;
    expect(world.pendingNames, `${id}, which nobody was told of`).toContain(name);
  }
}

function checkListed(listed: Key[], replayed: Map<string, ReplayedKey>): void {
  const shown = listed.map(({ id, projectId, name, status, rotation }) => {
    return { id, projectId, name, status, isInOverlap: rotation !== null };
  });
  const expected = [...replayed.values()].filter(({ status }) => status !== 'deleted');
  expect(shown.sort(byId)).toEqual(
    expected
      .map(({ id, projectId, name, status, overlaps }) => {
        return { id, projectId, name, status, isInOverlap: (overlaps.at(-1) ?? 0) > 0 };
      })
      .sort(byId),
  );
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}

/** No key without its rows in the ledger, none of these without its key; one current secret each, none too many. */
async function checkTables(place: Place, replayed: Map<string, ReplayedKey>): Promise<void> {
  const stored = await place.query<{ id: string; secrets: number; current: number; deleted: number }>(
    `SELECT keys.id AS id, count(*) AS secrets, sum(CASE WHEN retires_at IS NULL THEN 1 ELSE 0 END) AS current,
       max(CASE WHEN deleted_at IS NULL THEN 0 ELSE 1 END) AS deleted
     FROM keys JOIN secrets ON secrets.key_id = keys.id GROUP BY keys.id`,
  );
  const [keys] = await place.query<{ count: number }>('SELECT count(*) AS count FROM keys');
  expect(Number(keys?.count)).toBe(replayed.size);
  const found = stored.map(({ id, secrets, current, deleted }) => {
    return { id, secrets: Number(secrets), current: Number(current), isDeleted: Number(deleted) === 1 };
  });
  expect(found.sort(byId)).toEqual(
    [...replayed.values()]
      .map(({ id, overlaps, status }) => {
        return { id, secrets: 1 + overlaps.length, current: 1, isDeleted: status === 'deleted' };
      })
      .sort(byId),
  );
}

async function checkSecrets(world: World, api: Client, replayed: Map<string, ReplayedKey>): Promise<void> {
  const questions: { request: VerifyBody; codes: string[] }[] = [];
  for (const key of world.keys.values()) {
    const told = replayed.get(key.id);
    if (told === undefined) continue;
    for (const [index, secret] of key.secrets.entries()) {
      if (secret === null) continue;
      const request = key.publicId === null ? { key: secret } : { publicId: key.publicId, secret };
      // Which of a shared key's secrets is the last one is known to the database only.
      const indexes = key.isShared ? Array.from({ length: told.overlaps.length + 1 }, (_, i) => i) : [index];
      questions.push({ request, codes: indexes.map((i) => expectedCode(told, i)) });
    }
  }
  for (let at = 0; at < questions.length; at += 100) {
    const group = questions.slice(at, at + 100);
    const answer = await api.request('POST', '/v1/verify/batch', {
      body: { requests: group.map(({ request }) => request) },
    });
    const { results } = answer.json as { results: VerifyAnswer[] };
    for (const [i, { codes }] of group.entries()) expect(codes).toContain(results[i]?.code);
  }
}

async function exportLedger(api: Client): Promise<LedgerExportRow[]> {
  const { status, text } = await api.request('GET', '/v1/ledger', {
    headers: { Accept: 'application/x-ndjson' },
  });
  expect(status).toBe(200);
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as LedgerExportRow);
}

async function listKeys({ projectIds }: World, api: Client): Promise<Key[]> {
  const keys: Key[] = [];
  for (const projectId of projectIds) {
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { limit: '100', ...(cursor !== null && { cursor }) };
      const page: { items: Key[]; page: { next: string | null } } = await api.call('listKeys', {
        params: { projectId },
        query,
      });
      keys.push(...page.items);
      cursor = page.page.next;
    } while (cursor !== null);
  }
  return keys;
}
