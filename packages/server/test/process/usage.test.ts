import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Usage, VerifyAnswer, VerifyBody } from '@keywright/contract';
import { expect, test } from 'vitest';
import { generateSecret } from '../../src/keys/secret-format.ts';
import { resolutions } from '../../src/usage/usage-store.ts';
import { startProcess } from '../support/child-process.ts';
import { type Client, client } from '../support/client.ts';
import { forEachEngine, type Place } from '../support/engines.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { keywright, settingsOf } from './support/program.ts';

const soon = { timeout: 10_000, interval: 50 };

/** What is counted in memory is the same for both engines, and takes its time. */
const goals = { sqlite: [50_000, 100_000, 150_000, 200_000], postgres: [20_000, 40_000] };

forEachEngine((createPlace, engine) => {
  test(`${goals[engine].at(-1)} verifications of many keys, with stops in between, are counted to the last one`, {
    timeout: 180_000,
  }, async () => {
    const { start } = await begin(await createPlace());
    let { service, api } = await start();
    const projectIds = [await createProject(api), await createProject(api)];
    const keys = await createKeys(api, projectIds, 400);
    const answered: Answered = new Map();
    for (const goal of goals[engine]) {
      const asking = Array.from({ length: 8 }, () => askUntil(api, { keys, answered, goal }));
      await Promise.race(asking);
      // The others still ask: what they are answered counts, what they are not does not.
      await service.stop();
      await Promise.all(asking);
      ({ service, api } = await start());
    }
    const total = sum(answered.values());
    expect(total).toBeGreaterThanOrEqual(goals[engine].at(-1) ?? 0);

    const byProject = { counted: new Map<string, number>(), told: new Map<string, number>() };
    for (const projectId of projectIds) {
      const own = keys.filter((key) => key.projectId === projectId);
      for (let i = 0; i < own.length; i += 100) {
        const keyIds = own.slice(i, i + 100).map(({ id }) => id);
        const usage = await usageIn(api, projectId, { keyIds: keyIds.join(',') });
        for (const { keyId, code, count } of usage.buckets) {
          add(byProject.counted, `${keyId} ${code}`, count);
        }
      }
      add(byProject.told, projectId, sumOf(await usageIn(api, projectId)));
    }
    expect(Object.fromEntries(byProject.counted)).toEqual(Object.fromEntries(answered));
    expect(sum(byProject.told.values())).toBe(total);
    await service.stop();
  });

  test('after a kill, what was answered in the last second may be missing, nothing older, and nothing is there twice', async () => {
    const { start } = await begin(await createPlace());
    let { service, api } = await start();
    const projectId = await createProject(api);
    const [key] = await createKeys(api, [projectId], 1);
    if (key === undefined) throw new Error('there is no key');
    let [answers, inFlight, counted]: [number[], number, number] = [[], 0, 0];
    for (let round = 0; round < 2; round++) {
      const settled = counted + answers.length;
      answers = [];
      let isKilled = false;
      const ask = async () => {
        while (!isKilled) {
          inFlight++;
          const answer = await api.call('verify', { body: { key: key.secret } }).catch(() => null);
          if (answer === null) return;
          inFlight--;
          answers.push(performance.now());
        }
      };
      const asking = [ask(), ask(), ask(), ask()];
      await sleep(2200 + 300 * round);
      const killedAt = performance.now();
      isKilled = true;
      await service.kill();
      await Promise.all(asking);
      ({ service, api } = await start());
      const now = sumOf(await usageIn(api, projectId));
      const older = answers.filter((at) => at < killedAt - 1000).length;
      expect(older).toBeGreaterThan(20);
      expect(now).toBeGreaterThanOrEqual(counted + older);
      expect(now).toBeLessThanOrEqual(settled + answers.length + inFlight);
      [counted, answers, inFlight] = [now, [], 0];
    }
    expect(sumOf(await api.call('getKeyUsage', { params: { keyId: key.id } }))).toBe(counted);
  });

  test('with thousands of keys in use a kill takes no more of it, and the next start adds up what is left', {
    timeout: 240_000,
    // It fills a core by itself, and a second is a second only while there is processor left. Loss at each try is a fault.
    retry: 2,
  }, async () => {
    const place = await createPlace();
    const { start } = await begin(place);
    let { service, api } = await start();
    const projectId = await createProject(api);
    const secrets = Array.from({ length: 5000 }, () => generateSecret('kw').reveal());
    await importKeys(api, projectId, secrets);
    // Each is in memory then, so that what follows is as fast as it can be.
    for (let i = 0; i < secrets.length; i += 100) await verifyAll(api, secrets.slice(i, i + 100));
    await expect.poll(async () => sumOf(await usageIn(api, projectId)), soon).toBe(secrets.length);

    const [answers, batch]: [number[], number] = [[], 50];
    let [inFlight, isKilled] = [0, false];
    const ask = async () => {
      while (!isKilled) {
        inFlight++;
        const told = await verifyAll(
          api,
          Array.from({ length: batch }, () => pick(secrets)),
        ).catch(() => null);
        if (told === null) return;
        inFlight--;
        answers.push(performance.now());
      }
    };
    const asking = Array.from({ length: 4 }, ask);
    await sleep(6000);
    const killedAt = performance.now();
    isKilled = true;
    await service.kill();
    await Promise.all(asking);
    const older = answers.filter((at) => at < killedAt - 1000).length;
    ({ service, api } = await start());
    await expect.poll(() => partsLeft(place), { timeout: 60_000, interval: 100 }).toBe(0);
    const counted = sumOf(await usageIn(api, projectId)) - secrets.length;
    expect(older * batch).toBeGreaterThan(5000);
    expect(counted).toBeGreaterThanOrEqual(older * batch);
    expect(counted).toBeLessThanOrEqual((answers.length + inFlight) * batch);
    await service.stop();
  });

  test('a roll-up that is killed half-way, again and again, loses and doubles nothing', async () => {
    const place = await createPlace();
    const { start } = await begin(place);
    let { service, api } = await start();
    const projectId = await createProject(api);
    const [key] = await createKeys(api, [projectId], 1);
    await verify(api, { key: key?.secret ?? '' });
    const last24h = async () => sumOf(await usageIn(api, projectId));
    await expect.poll(last24h, soon).toBe(1);
    await service.stop();
    const rows = 30_000;
    await addOldMinutes(place, rows);
    const minutes = () => countRows(place, resolutions.minute);
    expect(await minutes()).toBeGreaterThanOrEqual(rows);
    let previous = await minutes();
    const rollUp = () =>
      startProcess(new URL('./roll-up.process.ts', import.meta.url), [place.engine, place.location]);
    for (let round = 0; round < 3; round++) {
      const rolling = rollUp();
      await rolling.says('begun');
      await expect.poll(minutes, { timeout: 10_000, interval: 5 }).toBeLessThan(previous);
      await rolling.kill();
      previous = await minutes();
      expect(previous, 'it was killed before the end').toBeGreaterThan(1000);
      expect(await total(place)).toBe(3 * rows + 2);
    }
    await rollUp().says('done');
    expect(await minutes()).toBeLessThanOrEqual(2);
    expect(await total(place)).toBe(3 * rows + 2);
    ({ service, api } = await start());
    const from = new Date(Date.now() - 200 * resolutions.day).toISOString();
    const days = await api.call('getKeyUsage', {
      params: { keyId: key?.id ?? '' },
      query: { from, bucket: 'day' },
    });
    expect(sumOf(days)).toBe(3 * rows + 1);
    await service.stop();
  });

  test('keywright explain says why a request was refused, while the server runs and after', {
    // It starts some ten commands.
    timeout: 240_000,
  }, async () => {
    const place = await createPlace();
    const { start } = await begin(place);
    const { service, api } = await start();
    const projectId = await createProject(api);
    const [key] = await createKeys(api, [projectId], 1);
    const body = {
      key: key?.secret ?? '',
      scopes: ['write'],
      ip: '10.0.0.1',
      userAgent: 'curl/8 \u001b[31m',
    };
    const explain = (...args: string[]) => keywright(['explain', ...args], { env: settingsOf(place) });
    await api.call('verify', { body, headers: { 'X-Request-Id': 'order-4711' } });
    await api.call('verify', { body: { key: 'nonsense' }, headers: { 'X-Request-Id': 'nobody-s' } });
    await expect
      .poll(async () => (await explain('nobody-s')).code, { timeout: 240_000, interval: 200 })
      .toBe(0);

    const told = await explain('order-4711');
    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(told.stdout.split('\n')).toEqual([
      expect.stringMatching(
        new RegExp(
          `^On \\S+Z the request order-4711 asked whether the key "Key 0" \\(${key?.id}\\) may pass, with the scope write, from 10\\.0\\.0\\.1, with the user agent "curl/8 \\[31m"\\.$`,
        ),
      ),
      'It came through the verification API (/v1/verify), and was refused as "insufficient_scope".',
      'The key lacked the scope write.',
      'Give the key what it lacks, or use a key that has it.',
      '',
    ]);
    expect((await explain('nobody-s')).stdout).toContain('a key may pass that is not known here');
    await service.stop();

    const json = JSON.parse((await explain('order-4711', '--json')).stdout);
    expect(json).toMatchObject({ requestId: 'order-4711', code: 'insufficient_scope', key: { id: key?.id } });
    const unknown = await explain('order-4712');
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toMatch(/No refusal of the request order-4712 is known.*\n.*24 hours/);
    expect(await explain('no id')).toMatchObject({ code: 2 });
    await place.query(`UPDATE refusals SET at = ${Date.now() - 24 * resolutions.hour - 1000}`);
    expect(await explain('order-4711')).toMatchObject({ code: 1 });
  });
});

interface CountedKey {
  id: string;
  projectId: string;
  secret: string;
  requests: VerifyBody[];
}

/** How often each code was answered for each key: `<key id> <code>`. */
type Answered = Map<string, number>;

async function begin(place: Place) {
  const bootstrapKey = generateSecret('kws').reveal();
  const env = { ...settingsOf(place), KEYWRIGHT_BOOTSTRAP_KEY: bootstrapKey };
  return {
    async start(): Promise<{ service: RunningService; api: Client }> {
      const service = await startService({ env });
      return { service, api: client(service.url, bootstrapKey) };
    },
  };
}

async function createProject(api: Client): Promise<string> {
  return (await api.call('createProject', { body: { name: 'Project' } })).id;
}

async function createKeys(api: Client, projectIds: string[], count: number): Promise<CountedKey[]> {
  const keys: CountedKey[] = [];
  for (let i = 0; i < count; i += 50) {
    const portion = Array.from({ length: Math.min(50, count - i) }, async (_, n) => {
      const projectId = projectIds[(i + n) % projectIds.length] ?? '';
      const body = { name: `Key ${i + n}`, scopes: ['read'] };
      const { key, secret } = await api.call('createKey', { params: { projectId }, body });
      const requests = [
        { key: secret },
        { key: secret, scopes: ['read'], ip: '10.0.0.1' },
        { key: secret, scopes: ['write'] },
      ];
      return { id: key.id, projectId, secret, requests };
    });
    keys.push(...(await Promise.all(portion)));
  }
  return keys;
}

/** Asks in batches until so many answers came in, from this caller or another, or the service is gone. */
async function askUntil(
  api: Client,
  { keys, answered, goal }: { keys: CountedKey[]; answered: Answered; goal: number },
): Promise<void> {
  while (sum(answered.values()) < goal) {
    const requests = Array.from({ length: 100 }, () => pick(pick(keys).requests));
    const answer = await api.request('POST', '/v1/verify/batch', { body: { requests } }).catch(() => null);
    if (answer === null) return;
    expect(answer.status, answer.text).toBe(200);
    for (const { key, code } of (answer.json as { results: VerifyAnswer[] }).results) {
      add(answered, `${key?.id} ${code}`, 1);
    }
  }
}

function verify(api: Client, body: VerifyBody): Promise<VerifyAnswer> {
  return api.call('verify', { body });
}

function usageIn(api: Client, projectId: string, query: Record<string, string> = {}): Promise<Usage> {
  return api.call('getProjectUsage', { params: { projectId }, query });
}

/** Imports keys in one go, which takes a moment where making them takes minutes. */
async function importKeys(api: Client, projectId: string, secrets: string[]): Promise<void> {
  const keys = secrets.map((secret, i) => {
    return { name: `Key ${i}`, sha256: hash('sha256', secret) };
  });
  await api.call('importKeys', { params: { projectId }, body: { keys } });
}

async function verifyAll(api: Client, secrets: string[]): Promise<void> {
  const { results } = await api.call('verifyBatch', { body: { requests: secrets.map((key) => ({ key })) } });
  expect(results.filter(({ valid }) => !valid)).toEqual([]);
}

async function partsLeft(place: Place): Promise<number> {
  const [row] = await place.query<{ parts: number }>('SELECT count(*) AS parts FROM usage_journal');
  return Number(row?.parts);
}

/** As many minutes of each meter that there is as are long ago, each counting three, half of them older than hours are kept. */
async function addOldMinutes(place: Place, rows: number): Promise<void> {
  const { minute, day } = resolutions;
  const start = Date.now() - (Date.now() % day);
  await place.query(
    `INSERT INTO usage (meter_id, resolution, at, code, count, last_at)
     WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${rows})
     SELECT (SELECT id FROM meters WHERE key_id IS NOT NULL), ${minute},
       ${start} - CASE WHEN i % 2 = 0 THEN 9 ELSE 95 END * CAST(${day} AS bigint) - i * CAST(${minute} AS bigint), 0, 3, ${start} FROM n`,
  );
}

async function countRows(place: Place, resolution: number): Promise<number> {
  const [row] = await place.query<{ count: number }>(
    `SELECT count(*) AS count FROM usage WHERE resolution = ${resolution}`,
  );
  return Number(row?.count);
}

async function total(place: Place): Promise<number> {
  const [row] = await place.query<{ total: number }>('SELECT sum(count) AS total FROM usage');
  return Number(row?.total);
}

function pick<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)] as T;
}

function add(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}

function sum(counts: Iterable<number>): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

function sumOf({ buckets }: Usage): number {
  return sum(buckets.map(({ count }) => count));
}
