import { serviceKeyScopes } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { hasValidChecksum } from '../../src/keys/secret-format.ts';
import { holdBody } from '../support/held-request.ts';
import { onBothEngines } from '../support/installation.ts';

onBothEngines((at) => {
  const isAlive = async (secret: string) => (await at.as(secret).send('listProjects')).status !== 401;

  describe('creation', () => {
    test('for a project, and for the instance when no project is named', async () => {
      const project = await at.createProject();
      for (const projectId of [project.id, null, undefined]) {
        const { serviceKey, secret } = await at.admin.call('createServiceKey', {
          body: {
            name: ' Backend ',
            scopes: ['verify', 'keys:read'],
            expiresAt: '2099-01-01T02:00:00+02:00',
            ...(projectId !== undefined && { projectId }),
          },
        });
        expect(secret).toMatch(/^kws_[0-9A-Za-z]{60}$/);
        expect(hasValidChecksum(secret)).toBe(true);
        expect(serviceKey).toStrictEqual({
          id: expect.stringMatching(/^svc_/),
          name: 'Backend',
          projectId: projectId ?? null,
          scopes: ['verify', 'keys:read'],
          display: `${secret.slice(0, 8)}…${secret.slice(-4)}`,
          createdAt: expect.any(String),
          createdBy: expect.stringMatching(/^svc_/),
          lastUsedAt: null,
          expiresAt: '2099-01-01T00:00:00.000Z',
        });
        expect(await isAlive(secret)).toBe(true);
      }
    });

    test('a key for one project makes others for this project, which know who made them', async () => {
      const project = await at.createProject();
      const caller = await at.createServiceKey(project.id, ['admin']);
      const { serviceKey } = await caller.call('createServiceKey', {
        body: { name: 'x', projectId: project.id, scopes: ['verify'] },
      });
      expect(serviceKey).toMatchObject({ projectId: project.id, createdBy: caller.id });
    });

    test.each([
      ['name', undefined],
      ['name', ''],
      ['scopes', undefined],
      ['scopes', []],
      ['scopes', ['verify', 'verify']],
      ['scopes.0', ['root']],
      ['scopes', 'verify'],
      ['scopes.0', [null]],
      ['expiresAt', '2020-01-01T00:00:00Z'],
      ['expiresAt', 5],
      ['projectId', 'x'],
      ['projectId', 7],
    ])('400 for %s = %j', async (path, value) => {
      const [field = ''] = path.split('.');
      const body = { name: 'x', scopes: ['verify'], [field]: value };
      const problem = await at.admin.refuse('createServiceKey', { body });
      expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path }] });
    });
  });

  test('the list shows neither secrets nor hashes, and the secret is never shown again', async () => {
    const project = await at.createProject();
    const { secret, id } = await at.createServiceKey(project.id);
    const { text, json } = await at.admin.send('listServiceKeys', { query: { projectId: project.id } });
    expect(text).toContain(id);
    expect(text).not.toContain(secret.slice(8, 40));
    expect(Object.keys((json as { items: object[] }).items[0] ?? {}).sort()).toEqual([
      'createdAt',
      'createdBy',
      'display',
      'expiresAt',
      'id',
      'lastUsedAt',
      'name',
      'projectId',
      'scopes',
    ]);
  });

  test('404 for those of a project that is gone', async () => {
    const { id: projectId } = await at.createProject();
    await at.admin.call('deleteProject', { params: { projectId } });
    expect(await at.admin.refuse('listServiceKeys', { query: { projectId } })).toMatchObject({ status: 404 });
  });

  test('the bootstrap key is listed, and may do everything', async () => {
    const { items } = await at.admin.call('listServiceKeys', { query: { limit: 100 } });
    const bootstrap = items.find(({ name }) => name === 'Bootstrap');
    expect(bootstrap).toMatchObject({ projectId: null, scopes: serviceKeyScopes, createdBy: 'system' });
    const [first] = await at.ledgerSince(0).then((rows) => rows.filter(({ seq }) => seq === 1));
    if (first !== undefined)
      expect(first).toMatchObject({ actor: { type: 'system', id: 'system', name: null } });
  });

  test('an expired one is refused from then on, warm or not', async () => {
    const expiresAt = new Date(Date.now() + 1500).toISOString();
    const body = { name: 'Short', scopes: ['admin' as const], expiresAt };
    const { secret } = await at.admin.call('createServiceKey', { body });
    expect(await isAlive(secret)).toBe(true);
    await expect.poll(() => isAlive(secret), { timeout: 10_000 }).toBe(false);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt) - 50);
    expect(await at.as(secret).refuse('listProjects')).toMatchObject({
      status: 401,
      code: 'unauthenticated',
    });
  });

  test('rotation gives a new secret; the old one is dead when it answers', async () => {
    const project = await at.createProject();
    const made = await at.createServiceKey(project.id);
    expect(await isAlive(made.secret)).toBe(true);
    const { serviceKey, secret, propagation } = await at.admin.call('rotateServiceKey', {
      params: { serviceKeyId: made.id },
    });
    expect(await isAlive(made.secret)).toBe(false);
    expect(await isAlive(secret)).toBe(true);
    expect(serviceKey).toMatchObject({
      id: made.id,
      projectId: project.id,
      scopes: serviceKeyScopes,
      display: `${secret.slice(0, 8)}…${secret.slice(-4)}`,
    });
    expect(propagation).toMatchObject({ nodes: 1, acknowledged: 1 });
  });

  test('one may rotate itself, and is answered', async () => {
    const made = await at.createServiceKey(null);
    const { secret } = await made.call('rotateServiceKey', { params: { serviceKeyId: made.id } });
    expect(await isAlive(made.secret)).toBe(false);
    await at.as(secret).call('deleteServiceKey', { params: { serviceKeyId: made.id } });
    expect(await isAlive(secret)).toBe(false);
  });

  test('deletion is for good, and what it made stays', async () => {
    const project = await at.createProject();
    const made = await at.createServiceKey(project.id);
    const { key, secret } = await made.call('createKey', { params: { projectId: project.id } });
    const { propagation } = await at.admin.call('deleteServiceKey', { params: { serviceKeyId: made.id } });
    expect(propagation).toMatchObject({ nodes: 1, acknowledged: 1 });
    expect(await isAlive(made.secret)).toBe(false);
    for (const name of ['rotateServiceKey', 'deleteServiceKey'] as const) {
      const problem = await at.admin.refuse(name, { params: { serviceKeyId: made.id } });
      expect(problem).toMatchObject({ status: 404 });
    }
    const { items } = await at.admin.call('listServiceKeys', { query: { projectId: project.id } });
    expect(items).toEqual([]);
    expect(await at.admin.call('verify', { body: { key: secret } })).toMatchObject({ valid: true });
    expect((await at.admin.call('getKey', { params: { keyId: key.id } })).createdBy).toBe(made.id);
  });

  test('a request whose body is held back until its service key is dead does nothing', async () => {
    const project = await at.createProject();
    const { key, secret } = await at.createKey(project.id);
    const ends = ['deleteServiceKey', 'rotateServiceKey'] as const;
    for (const end of ends) {
      const made = await at.createServiceKey(project.id);
      const headers = { Authorization: `Bearer ${made.secret}` };
      const hold = (path: string, body: object) => holdBody(`${at.url}${path}`, headers, body);
      const held = await Promise.all([
        hold(`/v1/projects/${project.id}/keys`, { name: `After ${end}` }),
        hold('/v1/verify', { key: secret }),
        hold('/v1/verify/batch', { requests: [{ key: secret }] }),
      ]);
      await at.admin.call(end, { params: { serviceKeyId: made.id } });
      expect(await Promise.all(held.map((finish) => finish())), end).toEqual([401, 401, 401]);
    }
    const { items } = await at.admin.call('listKeys', { params: { projectId: project.id } });
    expect(items.map(({ id }) => id)).toEqual([key.id]);
  });

  test('a key of the system’s users is no service key, and a service key none of theirs', async () => {
    const project = await at.createProject();
    const { secret } = await at.createKey(project.id);
    expect(await isAlive(secret)).toBe(false);
    const made = await at.createServiceKey(null);
    expect((await at.admin.call('verify', { body: { key: made.secret } })).code).toBe('not_found');
  });

  describe('what is no credential', () => {
    const { uppercase, lowercase } = { uppercase: 'BEARER', lowercase: 'bearer' };

    test('401 for every malformed header, on the hot path and beside it', async () => {
      const { secret } = await at.createServiceKey(null);
      const headers = [
        ...[
          'Bearer',
          'Bearer ',
          secret,
          `Basic ${secret}`,
          `Token ${secret}`,
          `Bearer${secret}`,
          'Basic Og==',
        ],
        ...[
          `Bearer ${secret} ${secret}`,
          `Bearer ${secret},`,
          `Bearer "${secret}"`,
          `Bearer ${secret}\t${secret}`,
        ],
        ...[`Bearer ${secret.slice(0, -1)}`, `Bearer ${secret}0`, `Bearer ${secret.toLowerCase()}`],
        ...[
          `Bearer ${secret.slice(0, 40)}${secret[40] === 'x' ? 'y' : 'x'}${secret.slice(41)}`,
          `Bearer ${'a'.repeat(8000)}`,
          'Bearer null',
        ],
        ...[`Bearer ${secret}, Bearer ${secret}`, `Bearer \u00e9${secret.slice(1)}`, "Bearer ' OR 1=1 --"],
      ];
      for (const Authorization of headers) {
        for (const name of ['listProjects', 'verify'] as const) {
          const body = name === 'verify' ? { body: { key: 'x' } } : {};
          const problem = await at.as(null).refuse(name, { headers: { Authorization }, ...body });
          expect(problem, Authorization).toMatchObject({ status: 401, code: 'unauthenticated' });
          expect(JSON.stringify(problem)).not.toContain(secret.slice(10, 40));
        }
      }
    });

    test('the scheme is taken in any case, and with more than one space', async () => {
      const { secret } = await at.createServiceKey(null);
      for (const Authorization of [
        `${uppercase} ${secret}`,
        `${lowercase} ${secret}`,
        `Bearer   ${secret}`,
      ]) {
        for (const name of ['listProjects', 'verify'] as const) {
          const body = name === 'verify' ? { body: { key: 'x' } } : {};
          const { status } = await at.as(null).send(name, { headers: { Authorization }, ...body });
          expect(status, `${name}: ${Authorization.replaceAll(secret, '…')}`).toBe(200);
        }
      }
    });

    test('a service key anywhere else but in the header is none', async () => {
      const { secret } = await at.createServiceKey(null);
      const elsewhere = [
        { headers: { 'X-API-Key': secret } },
        { headers: { Cookie: `key=${secret}` } },
        { query: { key: secret } },
        { query: { access_token: secret } },
      ];
      for (const options of elsewhere) {
        expect(await at.as(null).refuse('listProjects', options)).toMatchObject({ status: 401 });
      }
    });
  });
});
