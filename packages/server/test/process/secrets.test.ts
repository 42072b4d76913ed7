import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Key } from '@keywright/contract';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../../../test-support/database.ts';
import { startPostgres } from '../../../../test-support/postgres-server.ts';
import { generateSecret } from '../../src/keys/secret-format.ts';
import { browser, newPerson, type Person, post, signIn } from '../support/account.ts';
import { type Client, client } from '../support/client.ts';
import { createDirectory, type Place, queryPostgres } from '../support/engines.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { makePasswordLink } from './support/links.ts';
import { hashesOf, Needles } from './support/needles.ts';
import { settingsOf } from './support/program.ts';

/** They go the ways that a secret could go, and so show that the search would find one. */
const canaryInName = 'CanaryInTheNameOfAKey';
const canaryInRequestId = 'CanaryInARequestId';

describe('no secret is in anything that the process wrote', () => {
  test('on SQLite: files, logs, ledger, metrics', async () => {
    const place = await createDirectory();
    const { service, secrets, texts } = await useSecrets(place);
    await place.query(
      'CREATE TRIGGER refuse BEFORE UPDATE ON secrets BEGIN SELECT RAISE(ABORT, $nope$); END'.replaceAll(
        '$',
        "'",
      ),
    );
    await texts.provokeFaults();
    await place.query('DROP TRIGGER refuse');

    const written = await texts.collect();
    expectNoneIn(written, secrets);
    const [needles, canary] = [new Needles(secrets), new Needles([canaryInName])];
    expect(canary.filesIn(place.location).length).toBeGreaterThan(0);
    expect(needles.filesIn(place.location)).toEqual([]);

    expect(await service.stop()).toBe(0);
    expect(canary.filesIn(place.location)).toEqual([expect.stringMatching(/keywright\.db$/)]);
    expect(needles.filesIn(place.location)).toEqual([]);
    expectNoneIn({ logs: service.logs() }, secrets);
  });

  test('on PostgreSQL: logs, ledger, metrics, and every file of the database server', async () => {
    const { place, directory } = await startOwnPostgres();
    const { service, secrets, texts } = await useSecrets(place);
    // PostgreSQL tells a refused row column by column.
    await place.query('ALTER TABLE secrets ADD CONSTRAINT refuse CHECK (retires_at IS NULL) NOT VALID');
    await texts.provokeFaults();
    await place.query('ALTER TABLE secrets DROP CONSTRAINT refuse');

    const written = await texts.collect();
    expectNoneIn(written, secrets);
    expect(await service.stop()).toBe(0);
    expectNoneIn({ logs: service.logs() }, secrets);
    await place.query('CHECKPOINT');
    const files = new Needles([canaryInName]).filesIn(directory);
    expect(files).toEqual(
      expect.arrayContaining([expect.stringMatching(/\/base\//), expect.stringMatching(/\/pg_wal\//)]),
    );
    const password = decodeURIComponent(new URL(place.location).password);
    expect(new Needles([...secrets, password]).filesIn(directory)).toEqual([]);
  });
});

/** A server of its own, so that all of its files are few enough to be read. */
async function startOwnPostgres(): Promise<{ place: Place; directory: string }> {
  const server = await startPostgres();
  onTestFinished(server.stop);
  const { url } = await createTestDatabase(server.url);
  const query = <Row>(statement: string) => queryPostgres<Row>(url, statement);
  const [row] = await query<{ data_directory: string }>('SHOW data_directory');
  const place: Place = {
    engine: 'postgres',
    location: url,
    query,
    open: () => Promise.reject(new Error('not here')),
  };
  return { place, directory: row?.data_directory ?? '' };
}

function expectNoneIn(written: Record<string, string>, secrets: string[]): void {
  const needles = new Needles([...secrets, ...secrets.flatMap(hashesOf)]);
  for (const [name, text] of Object.entries(written)) expect(needles.findIn(text), name).toEqual([]);
}

interface Used {
  service: RunningService;
  secrets: string[];
  texts: {
    /** Asks for what the database now refuses. */
    provokeFaults(): Promise<void>;
    collect(): Promise<Record<string, string>>;
  };
}

/** Issues every kind of secret, and uses each in the right place and in all wrong ones that one can think of. */
async function useSecrets(place: Place): Promise<Used> {
  const bootstrapKey = generateSecret('kws').reveal();
  const metricsToken = 'metrics-token-of-this-very-test';
  const sessionSecret = 'what-signs-sessions-in-this-very-test';
  const mailPassword = 'smtp-password-of-this-very-test';
  const person = newPerson({ password: 'the first lamp beside this very sea' });
  const service = await startService({
    env: {
      ...settingsOf(place),
      KEYWRIGHT_BOOTSTRAP_KEY: bootstrapKey,
      KEYWRIGHT_METRICS_TOKEN: metricsToken,
      KEYWRIGHT_SECRET: sessionSecret,
      KEYWRIGHT_ADMIN_EMAIL: person.email,
      KEYWRIGHT_ADMIN_PASSWORD: person.password,
      // Nobody listens there: each letter fails, and is logged.
      KEYWRIGHT_SMTP_URL: `smtp://sender:${mailPassword}@127.0.0.1:9`,
      KEYWRIGHT_MAIL_FROM: 'keys@example.com',
      KEYWRIGHT_LOG_LEVEL: 'trace',
    },
  });
  const api = client(service.url, bootstrapKey);
  const issued = await issue(api);
  const passwords = await useAccount(service.url, person, place);
  const tokens = await useLinks(service.url, api, person);
  const secrets = [
    bootstrapKey,
    metricsToken,
    sessionSecret,
    issued.imported,
    ...passwords,
    ...tokens,
    mailPassword,
    ...issued.secrets,
  ];
  for (const secret of [bootstrapKey, ...issued.secrets]) await misuse(api, secret, issued);
  await api.request('GET', '/v1/ledger', { headers: { Authorization: `Bearer ${metricsToken}` } });
  await breakTable(place, 'secrets', () => provoke(api, issued));
  await breakTable(place, 'service_key_secrets', () =>
    provoke(client(service.url, issued.serviceKey), issued),
  );
  await api.request('GET', '/healthz', { headers: { 'X-Request-Id': canaryInRequestId } });

  return {
    service,
    secrets,
    texts: {
      provokeFaults: () => provoke(api, issued),
      async collect() {
        const forwarded = { 'X-Forwarded-For': '203.0.113.9', Authorization: `Bearer ${metricsToken}` };
        const metrics = await api.request('GET', '/metrics', { headers: forwarded });
        const exported = await api.request('GET', '/v1/ledger', {
          headers: { Accept: 'application/x-ndjson' },
        });
        const rows = await place.query('SELECT body, json FROM ledger LEFT JOIN ledger_private USING (seq)');
        expect(metrics.text).toContain('keywright_http_request_duration_seconds');
        expect(new Needles([canaryInRequestId]).findIn(service.logs())).not.toEqual([]);
        expect(new Needles([canaryInName]).findIn(exported.text)).not.toEqual([]);
        return {
          logs: service.logs(),
          metrics: metrics.text,
          exported: exported.text,
          ledger: JSON.stringify(rows),
        };
      },
    },
  };
}

/** Signs in, changes the password and fails at both. @returns the passwords, and the tokens of the sessions */
async function useAccount(url: string, person: Person, place: Place): Promise<string[]> {
  const root = await signIn(url, person);
  const newPassword = 'the second lamp below this very sea';
  const wrong = 'a wrong lamp that is nobody’s password';
  for (const [path, body] of [
    ['/sign-in/email', { email: person.email, password: wrong }],
    ['/sign-in/email', { email: wrong, password: person.password }],
    ['/sign-in/email', { email: `nobody-${person.email}`, password: wrong, [wrong]: person.password }],
    ['/sign-up/email', { ...person, password: wrong }],
    ['/setup', { ...person, token: person.password }],
    ['/reauthenticate', { password: wrong }],
    ['/change-password', { currentPassword: person.password, newPassword }],
  ] as const)
    await post(root, path, body);
  const again = await signIn(url, { email: person.email, password: newPassword });
  for (const table of ['auth_sessions', 'auth_users', 'auth_credentials'])
    await breakTable(place, table, async () => {
      await again.send('getMe');
      await post(again, '/reauthenticate', { password: newPassword });
      await post(browser(url), '/sign-in/email', { email: person.email, password: newPassword });
    });
  const tokens = [root, again].flatMap(({ cookie }) =>
    decodeURIComponent(cookie.split('=')[1] ?? '').split('.'),
  );
  return [person.password, newPassword, wrong, ...tokens];
}

/** Has links made, and uses each in the right place and in wrong ones. @returns their tokens */
async function useLinks(url: string, api: Client, { email }: Person): Promise<string[]> {
  const [replaced, token] = [await makePasswordLink(api, email), await makePasswordLink(api, email)];
  await post(browser(url), '/forgot-password', { email: newPerson().email });
  for (const each of [replaced, token]) {
    await api.request('GET', '/v1/ledger', { headers: { Authorization: `Bearer ${each}` } });
    for (const [path, body] of [
      ['/check-link', { token: each, purpose: 'reset_password' }],
      ['/confirm-email', { token: each }],
      ['/setup', { ...newPerson(), token: each }],
      ['/forgot-password', { email: each }],
      ['/reset-password', { token: each, password: 'short', [each]: each }],
      ['/reset-password', { token: each, password: 'short' }],
    ] as const)
      await post(browser(url), path, body);
  }
  return [replaced, token];
}

interface Issued {
  secrets: string[];
  /** One that has no checksum, so that nothing tells it from other text where it does not belong. */
  imported: string;
  projectId: string;
  token: { key: Key; secret: string };
  pair: { key: Key; secret: string };
  /** One that is not in the memory of the service. */
  serviceKey: string;
}

async function issue(api: Client): Promise<Issued> {
  const { id: projectId } = await api.call('createProject', { body: { name: 'Project' } });
  const pairs = await api.call('createProject', { body: { name: 'Pairs', preset: 'pair' } });
  // What is answered under such a key is kept, but for the secret.
  const headers = { 'Idempotency-Key': 'kept' };
  const token = await api.call('createKey', { params: { projectId }, body: { name: canaryInName }, headers });
  const pair = await api.call('createKey', {
    params: { projectId: pairs.id },
    body: { name: 'Pair' },
    headers,
  });
  const rotated = await api.call('rotateKey', { params: { keyId: token.key.id }, headers });
  const rotatedPair = await api.call('rotateKey', {
    params: { keyId: pair.key.id },
    body: { overlapSeconds: 0 },
    headers,
  });
  const imported = `legacy-${randomBytes(24).toString('hex')}`;
  const [sha256 = ''] = hashesOf(imported);
  const keys = [{ sha256, name: 'Imported', display: `${imported.slice(0, 9)}…` }];
  await api.call('importKeys', { params: { projectId }, body: { keys }, headers });
  await api.refuse('importKeys', { params: { projectId }, body: { keys } });
  expect((await api.call('identifyKey', { body: { sha256 } })).key.name).toBe('Imported');
  const revoked = await api.call('createKey', { params: { projectId }, body: { name: 'Revoked' } });
  await api.call('revokeKey', { params: { keyId: revoked.key.id } });
  const deleted = await api.call('createKey', { params: { projectId }, body: { name: 'Deleted' } });
  await api.call('deleteKey', { params: { keyId: deleted.key.id } });
  const scopes = ['verify' as const];
  const first = await api.call('createServiceKey', { body: { name: 'Gateway', scopes }, headers });
  const second = await api.call('rotateServiceKey', {
    params: { serviceKeyId: first.serviceKey.id },
    headers,
  });
  const answers = [token, pair, rotated, rotatedPair, revoked, deleted, first, second];
  const secrets = answers.map(({ secret }) => secret);
  const current = { key: pair.key, secret: rotatedPair.secret };
  for (const body of [
    { key: rotated.secret },
    { key: token.secret },
    { key: imported },
    { publicId: current.key.publicId ?? '', secret: current.secret },
  ])
    expect(await api.call('verify', { body })).toMatchObject({ valid: true });
  return {
    secrets,
    imported,
    projectId,
    token: { key: token.key, secret: rotated.secret },
    pair: current,
    serviceKey: second.secret,
  };
}

/** Puts a secret where it does not belong. Answers repeat it only as the path or the request id that it was sent as. */
async function misuse(api: Client, secret: string, { projectId, token }: Issued): Promise<void> {
  const list = `/v1/projects/${projectId}/keys`;
  const base64 = Buffer.from(`x:${secret}`).toString('base64');
  const verify = (raw: string, headers = {}) => api.request('POST', '/v1/verify', { raw, headers });
  const get = (path: string, headers = {}) => api.request('GET', path, { headers });
  const answers = [
    await get(list, { Authorization: `Bearer ${secret}x` }),
    await get(list, { Authorization: `Bearer ${secret.slice(0, -1)}` }),
    await get(list, { Authorization: `Basic ${base64}` }),
    await get(list, { Authorization: secret }),
    await get('/v1/nothing', {
      Cookie: `session=${secret}`,
      'X-Api-Key': secret,
      'User-Agent': secret,
      'X-Request-Id': secret,
    }),
    await get(`${list}?key=${secret}`),
    await get(`${list}?${secret}=1`),
    await get(`${list}?search=${secret}`),
    await get(`${list}?cursor=${secret}`),
    await get(`${list}?status=${secret}`),
    await get(`${list}?ownerId=${secret}&ownerId=${secret}`),
    await get(`/v1/ledger?subject=${secret}&actor=${secret}`),
    await get(`/healthz?token=${secret}`),
    await get(`/problems/${secret}`),
    await verify(JSON.stringify({ key: secret })),
    await verify(JSON.stringify({ publicId: secret, secret })),
    await verify(JSON.stringify({ publicId: 'kw_pk_none', secret })),
    await verify(JSON.stringify({ key: [secret] })),
    await verify(
      JSON.stringify({ key: secret, ip: secret, channel: secret, userAgent: secret, cost: secret }),
    ),
    await verify(JSON.stringify({ key: secret, channel: secret })),
    await verify(JSON.stringify({ [secret]: secret })),
    await verify(JSON.stringify({ key: secret, scopes: [secret] })),
    await verify(`{"key":"${secret}"`),
    await verify(`{"key":'${secret}'}`),
    await verify(secret),
    await verify(`"${secret}"`),
    await verify(`key=${secret}`, { 'Content-Type': 'application/x-www-form-urlencoded' }),
    await verify(JSON.stringify({ key: secret }), { 'Content-Encoding': secret }),
    await api.request('POST', '/v1/verify/batch', {
      body: { requests: [{ key: secret }, { key: secret, [secret]: 1 }] },
    }),
    await api.request('POST', list, {
      body: { name: 'Key', expiresAt: secret, ipAllow: [secret], scopes: [secret], format: secret },
    }),
    await api.request('PATCH', `/v1/keys/${token.key.id}`, { body: { secret, sha256: hashesOf(secret)[0] } }),
  ];
  for (const { text } of answers) {
    expect(text.replaceAll(/"(instance|requestId)":"[^"]*"/g, '')).not.toContain(secret);
  }
  await get(`/v1/keys/${secret}`);
  await get(`/${secret}/%2e%2e/${secret}`);
  await api.request('DELETE', `/v1/service-keys/${secret}`);
  await sendRaw(api.url, `GET /${secret} HTTP/9.9\r\n${secret}\r\n\r\n`);
  await sendRaw(api.url, `${secret}\r\n\r\n`);
  await sendRaw(api.url, `GET http://${secret}:x/${secret} HTTP/1.1\r\nHost: ${secret}\r\n\r\n`);
}

async function sendRaw(url: string, text: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {}).resume();
  socket.end(text);
  await once(socket, 'close');
}

/** While a table is away, what needs it fails with an error that nobody foresaw. */
async function breakTable(place: Place, table: string, run: () => Promise<void>): Promise<void> {
  await place.query(`ALTER TABLE ${table} RENAME TO table_that_is_away`);
  await run();
  await place.query(`ALTER TABLE table_that_is_away RENAME TO ${table}`);
}

async function provoke(api: Client, { token, pair, projectId }: Issued): Promise<void> {
  const statuses = [
    await api.request('POST', `/v1/keys/${token.key.id}/rotate`),
    await api.request('POST', `/v1/keys/${pair.key.id}/rotate`, { body: { overlapSeconds: 0 } }),
    await api.request('POST', `/v1/projects/${projectId}/keys`, { body: {} }),
    await api.request('POST', '/v1/verify', { body: { key: generateSecret('kw').reveal() } }),
    await api.request('POST', '/v1/verify', {
      body: { publicId: pair.key.publicId, secret: generateSecret('kw').reveal() },
    }),
  ].map(({ status }) => status);
  expect(statuses).toContain(500);
}
