import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  key,
  keyWithPropagation,
  keyWithSecret,
  rotatedKey,
  serviceKeyWithSecret,
} from '@keywright/contract';
import { beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { client } from '../support/client.ts';
import { createDatabase, createDirectory, type Place } from '../support/engines.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { type Ended, keywright } from './support/program.ts';

type Environment = Record<string, string>;

/** The output of a command that must succeed, as the one JSON document that it is. */
async function json<Schema extends z.ZodType>(
  env: Environment,
  schema: Schema,
  ...args: string[]
): Promise<z.output<Schema>> {
  const { code, stdout, stderr } = await keywright([...args, '--json'], { env });
  expect(code, stderr).toBe(0);
  return schema.parse(JSON.parse(stdout));
}

/** What a refused command says. */
async function refusal(env: Environment, ...args: string[]): Promise<Ended> {
  const ended = await keywright(args, { env });
  expect(ended.code, ended.stdout).not.toBe(0);
  expect(ended.stdout).toBe('');
  return ended;
}

describe('against a running server, by its control file', () => {
  let service: RunningService;
  let env: Environment;
  let projectId = '';
  beforeAll(async () => {
    service = await startService();
    env = { KEYWRIGHT_DATA_DIR: service.dataDir };
    const api = client(service.url, service.bootstrapKey);
    projectId = (await api.call('createProject', { body: { name: 'Shop' } })).id;
    await api.call('createChannel', { params: { projectId }, body: { slug: 'payments', name: 'Payments' } });
    return async () => {
      await service.stop();
    };
  });
  const verify = async (secret: string) => {
    const api = client(service.url, service.bootstrapKey);
    return (await api.call('verify', { body: { key: secret } })).code;
  };

  test('what the README shows is taken as it stands', async () => {
    const readme = readFileSync(join(import.meta.dirname, '../../../../README.md'), 'utf8');
    const lines = [...readme.matchAll(/^\$ keywright ((?:service-key|keys) .*?) *(?:#.*)?$/gm)];
    expect(lines.length).toBeGreaterThan(1);
    for (const [line, args = ''] of lines) {
      const { code, stderr } = await keywright(args.split(' '), { env });
      expect(code, `${line}: ${stderr}`).toBe(0);
    }
  });

  test.runIf(existsSync('/dev/full'))(
    'a secret that could not be printed is told of, and of which key',
    async () => {
      const run = async (...args: string[]) => keywright(args, { env, stdout: '/dev/full' });
      const { code, stderr } = await run('keys', 'create', '--name', 'Lost', '--json');
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^keywright: The key (key_\w+) \(Lost\) is there, but its secret .+ Rotate it, or revoke it\.\n/,
      );
      expect(stderr).not.toContain('    at ');
      const [id = ''] = /key_\w+/.exec(stderr) ?? [];
      expect((await json(env, key, 'keys', 'show', id)).name).toBe('Lost');
      for (const args of [
        ['keys', 'list', '--json'],
        ['audit', 'export'],
      ])
        expect(await run(...args)).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(
            /^keywright: What was to be printed could not be written: ENOSPC.+\.\n$/,
          ),
        });
    },
  );

  test('a key from its creation to its revocation', async () => {
    // With what is not to be seen in it: in JSON it must be there all the same.
    const name = 'Größe 漢 👩‍👩‍👧 \u200b';
    const flags = ['--name', name, '--owner', 'customer-42', '--scope', 'orders:read,orders:write'];
    const more = [
      '--scope',
      'x',
      '--ip-allow',
      '10.0.0.0/8',
      '--metadata',
      '{"plan":"gold"}',
      '--expires',
      '90d',
      '--rate-limit',
      'burst=5/1m',
      '--quota',
      '100/day',
    ];
    const made = await json(env, keyWithSecret, 'keys', 'create', ...flags, ...more, '--channel', 'payments');
    const { id } = made.key;
    expect(made.key).toMatchObject({
      projectId,
      name: name.trim(),
      ownerId: 'customer-42',
      scopes: ['orders:read', 'orders:write', 'x'],
      ipAllow: ['10.0.0.0/8'],
      metadata: { plan: 'gold' },
      rateLimits: [{ name: 'burst', limit: 5, windowSeconds: 60 }],
      quota: { limit: 100, period: 'day', used: 0 },
      channelId: expect.stringMatching(/^chn_/),
    });
    expect(Date.parse(made.key.expiresAt ?? '') - Date.now()).toBeGreaterThan(89 * 86_400_000);
    expect(await json(env, key, 'keys', 'show', id)).toEqual(made.key);
    const shown = await keywright(['keys', 'show', id], { env });
    expect(shown.stdout).toMatch(/^Key +key_/);
    expect(shown.stdout).not.toContain(made.secret);

    const off = await json(env, keyWithPropagation, 'keys', 'deactivate', id);
    expect(off.key.name).toBe(made.key.name);
    expect([off.key.status, off.propagation.acknowledged]).toEqual(['inactive', 1]);
    expect(await verify(made.secret)).toBe('inactive');
    expect((await json(env, keyWithPropagation, 'keys', 'activate', id)).key.status).toBe('active');
    const rotated = await json(env, rotatedKey, 'keys', 'rotate', id, '--overlap', '0', '--yes');
    expect(await verify(made.secret)).toBe('revoked');
    expect(await verify(rotated.secret)).toBe('ip_denied');
    const gone = await json(env, keyWithPropagation, 'keys', 'revoke', id, '--yes', '--reason', 'leaked');
    expect(gone.key).toMatchObject({ status: 'revoked', revokedReason: 'leaked' });
    expect(await verify(rotated.secret)).toBe('revoked');

    const api = client(service.url, service.bootstrapKey);
    const { items } = await api.call('listLedger', { query: { subject: id } });
    expect(items.map(({ action }) => action).reverse()).toEqual(
      ['created', 'deactivated', 'activated', 'rotated', 'revoked'].map((what) => `key.${what}`),
    );
    const actor = { type: 'system', id: 'command', name: 'keywright command' };
    for (const row of items) expect(row.actor).toEqual(actor);
  });

  test('for a person: the secret on stdout, the warning on stderr, sentences for the rest', async () => {
    const made = await keywright(['keys', 'create', '--name', 'For a person'], { env });
    expect(made.code).toBe(0);
    const secret = /^Secret +(kw_\w{61})$/m.exec(made.stdout)?.[1] ?? '';
    expect(await verify(secret)).toBe('valid');
    expect(made.stderr).toMatch(/^The secret is shown this once/);
    expect(made.stderr).not.toContain(secret.slice(0, 12));
    const id = /^Key +(key_\w+)$/m.exec(made.stdout)?.[1] ?? '';
    const off = await keywright(['keys', 'deactivate', id], { env });
    expect(off.stdout).toMatch(/^Switched off key_\w+ \(For a person\): dead on every node after \d+ ms \(/);
    const revoked = await keywright(['keys', 'revoke', id, '--yes'], { env });
    expect(revoked.stdout).toMatch(/^Revoked key_\w+ \(For a person\): dead on every node/);
  });

  test('a service key from its creation to its revocation', async () => {
    const scopes = ['--scope', 'verify', '--scope', 'keys:read'];
    const flags = ['--name', 'Servers', '--project', projectId, ...scopes];
    const made = await json(env, serviceKeyWithSecret, 'service-key', 'create', ...flags);
    expect(made.serviceKey).toMatchObject({ name: 'Servers', projectId, scopes: ['verify', 'keys:read'] });
    const { id } = made.serviceKey;
    const works = async (secret: string) =>
      (await client(service.url, secret).send('listKeys', { params: { projectId } })).status;
    expect(await works(made.secret)).toBe(200);
    const rotated = await json(env, serviceKeyWithSecret, 'service-key', 'rotate', id, '--yes');
    expect([await works(made.secret), await works(rotated.secret)]).toEqual([401, 200]);
    const list = await keywright(['service-key', 'list', '--project', projectId], { env });
    expect(list.stdout.split('\n')[1]).toMatch(
      new RegExp(`^${id}  Servers  ${projectId}  verify,keys:read  kws_`),
    );
    const gone = await keywright(['service-key', 'revoke', id, '--yes'], { env });
    expect([gone.code, await works(rotated.secret)]).toEqual([0, 401]);
  });

  test('lists come page by page, in one document, as far as was asked for', async () => {
    const api = client(service.url, service.bootstrapKey);
    const place = { params: { projectId } };
    const create = (n: number) => api.call('createKey', { ...place, body: { name: `Of many ${n}` } });
    await Promise.all(Array.from({ length: 130 }, (_, n) => create(n)));
    const ask = async (...flags: string[]) => {
      const { stdout } = await keywright(['keys', 'list', '--search', 'Of many', ...flags], { env });
      return stdout;
    };
    const whole = JSON.parse(await ask('--all', '--json'));
    expect(whole).toMatchObject({ total: 130, totalIsExact: true });
    expect(new Set(whole.items.map(({ id }: { id: string }) => id)).size).toBe(130);
    expect(JSON.parse(await ask('--limit', '101', '--json')).items).toEqual(whole.items.slice(0, 101));
    expect(JSON.parse(await ask('--search', 'nothing like it', '--json'))).toMatchObject({
      items: [],
      total: 0,
    });

    const { stdout, stderr } = await keywright(['keys', 'list', '--search', 'Of many', '--limit', '2'], {
      env,
    });
    expect(stdout).toMatch(
      /^ID +STATUS +NAME +OWNER +KEY +EXPIRES \(UTC\) +LAST USED \(UTC\)\n(key_.+\n){2}$/,
    );
    expect(stdout).not.toContain('\u001b');
    expect(stderr).toBe('2 of 130 keys. For more add --limit <number>, or --all.\n');
  });

  test('what the server refuses is told with its fields and its request id, and answers 1', async () => {
    const missing = await refusal(env, 'keys', 'show', 'key_01m7y74qwhn9rc293mxa9wkxbd');
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(
      /^keywright: There is no such thing \(not_found\): .+\nkeywright: Request id: \S+\n$/,
    );
    const invalid = await refusal(env, 'keys', 'create', '--scope', 'NOT ONE');
    expect(invalid.code).toBe(1);
    expect(invalid.stderr).toMatch(
      /^keywright: .+ \(validation_failed\): scopes\S* must be .+\nkeywright: Request id: \S+\n$/,
    );
    const twice = await refusal(env, 'keys', 'create', '--scope', 'NOT ONE', '--name', 'x'.repeat(101));
    expect(twice.code).toBe(1);
    expect(twice.stderr).toMatch(/\nkeywright: {3}name: must have/);
    expect(twice.stderr).toMatch(/\nkeywright: {3}scopes.*: must be/);
  });

  test('what cannot be followed answers 2 and changes nothing', async () => {
    const { key: made } = await json(env, keyWithSecret, 'keys', 'create');
    for (const args of [
      ['keys', 'revoke', made.id],
      ['keys', 'rotate', made.id, '--overlap', '0'],
      ['service-key', 'rotate', 'svc_01m7y74qwhn9rc293mxa9wkxbd'],
      ['service-key', 'revoke', 'svc_01m7y74qwhn9rc293mxa9wkxbd'],
    ]) {
      expect(await refusal(env, ...args)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--yes'),
      });
    }
    expect(await json(env, key, 'keys', 'show', made.id)).toEqual(made);
    for (const [args, said] of [
      [['service-key', 'create', '--name', 'x', '--scope', 'verify'], '--instance'],
      [['keys', 'create', '--channel', 'no-such'], 'no channel "no-such"'],
      [['keys', 'show', ''], '"" is no id'],
      [['keys', 'revoke', '..', '--yes'], '".." is no id'],
      [['keys', 'create', '--project', ''], '"" is no id'],
    ] as const) {
      expect(await refusal(env, ...args), args.join(' ')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(said),
      });
    }
  });

  test('a service key on the command line is refused, and not repeated', async () => {
    const secret = service.bootstrapKey;
    for (const args of [
      ['keys', 'list', '--service-key', secret],
      ['keys', 'list', `--service-key=${secret}`],
      ['keys', 'list', secret],
      ['keys', 'list', `--servicekey=${secret}`],
    ]) {
      const { code, stderr } = await refusal(env, ...args);
      expect(code).toBe(2);
      expect(stderr).not.toContain(secret.slice(4, 20));
    }
    const { stderr } = await refusal(env, 'keys', 'list', '--service-key', secret);
    expect(stderr).toContain('KEYWRIGHT_SERVICE_KEY');
  });

  test('with several projects one has to be named, and they are', async () => {
    const api = client(service.url, service.bootstrapKey);
    const other = await api.call('createProject', { body: { name: 'Another' } });
    const { code, stderr } = await refusal(env, 'keys', 'list');
    expect(code).toBe(2);
    expect(stderr).toContain(`${other.id}  Another`);
    expect(stderr).toContain(`${projectId}  Shop`);
    expect((await keywright(['keys', 'list', '--project', other.id], { env })).stderr).toBe(
      'There are no keys.\n',
    );
    await api.call('deleteProject', { params: { projectId: other.id } });
  });
});

describe('by address and service key', () => {
  test('a server elsewhere is managed with what its service key may, and nothing else is looked at', async () => {
    const service = await startService();
    const api = client(service.url, service.bootstrapKey);
    const { id: projectId } = await api.call('createProject', { body: { name: 'Shop' } });
    const body = { name: 'Reader', projectId, scopes: ['keys:read' as const, 'admin' as const] };
    const { secret, serviceKey } = await api.call('createServiceKey', { body });
    const env = { KEYWRIGHT_URL: service.url, KEYWRIGHT_SERVICE_KEY: secret, KEYWRIGHT_DATA_DIR: '/nowhere' };
    expect((await keywright(['keys', 'list'], { env })).stderr).toBe('There are no keys.\n');
    const denied = await refusal(env, 'keys', 'create');
    expect(denied).toMatchObject({ code: 1, stderr: expect.stringContaining('"keys:write"') });
    await api.call('deleteServiceKey', { params: { serviceKeyId: serviceKey.id } });
    expect(await refusal(env, 'keys', 'list')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(unauthenticated)'),
    });
    await service.stop();
    expect(await refusal(env, 'keys', 'list')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/gives no answer.*ECONNREFUSED/),
    });
  });

  test('half of it is no connection', async () => {
    const token = 'kws_00000000000000000000000000000000000000000000000000000000000';
    expect(await refusal({ KEYWRIGHT_URL: 'http://127.0.0.1:1' }, 'keys', 'list')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('KEYWRIGHT_SERVICE_KEY'),
    });
    for (const env of [
      { KEYWRIGHT_SERVICE_KEY: token },
      { KEYWRIGHT_URL: 'ftp://x', KEYWRIGHT_SERVICE_KEY: token },
    ]) {
      const { code, stderr } = await refusal(env, 'keys', 'list');
      expect(code).toBe(2);
      expect(stderr).not.toContain('000000000');
    }
  });

  test('neither is a fault of a server that has them in its environment', async () => {
    const service = await startService({
      env: { KEYWRIGHT_URL: 'http://127.0.0.1:1', KEYWRIGHT_SERVICE_KEY_FILE: '/nowhere' },
    });
    expect(await service.stop()).toBe(0);
  });
});

describe.each(['sqlite', 'postgres'] as const)('without a running server, on %s', (engine) => {
  test('the command is its own server, for as long as it takes', async () => {
    const place = engine === 'sqlite' ? await createDirectory() : await createDatabase();
    const { dataDir, projectId } = await fill(place);
    const env = {
      KEYWRIGHT_DATA_DIR: dataDir,
      ...(engine === 'postgres' && { KEYWRIGHT_DATABASE_URL: place.location }),
    };
    const { key: made } = await json(env, keyWithSecret, 'keys', 'create', '--name', 'Offline');
    expect(made).toMatchObject({ projectId, name: 'Offline' });
    const gone = await json(env, keyWithPropagation, 'keys', 'revoke', made.id, '--yes');
    expect(gone).toMatchObject({ key: { status: 'revoked' }, propagation: { acknowledged: 1 } });
    const verified = await keywright(['audit', 'verify', '--json'], { env });
    expect(JSON.parse(verified.stdout)).toMatchObject({ holds: true });
    // What a first start does with it is no business of a command's.
    const withKey = { ...env, KEYWRIGHT_BOOTSTRAP_KEY: (await keywright(['bootstrap-key'])).stdout.trim() };
    const { stdout } = await keywright(['service-key', 'list', '--json'], { env: withKey });
    expect(JSON.parse(stdout).total).toBe(1);
  });
});

test('where there is no database, none is made', async () => {
  const { location } = await createDirectory();
  const { code, stderr } = await refusal({ KEYWRIGHT_DATA_DIR: location }, 'keys', 'list');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `keywright: There is no database in ${location} yet: start Keywright once.\n`,
  });
});

async function fill(place: Place): Promise<{ dataDir: string; projectId: string }> {
  const service = await startService(
    place.engine === 'sqlite' ? { dataDir: place.location } : { databaseUrl: place.location },
  );
  const api = client(service.url, service.bootstrapKey);
  const { id: projectId } = await api.call('createProject', { body: { name: 'Shop' } });
  await service.stop();
  return { dataDir: service.dataDir, projectId };
}
