import type { ServiceKey } from '@keywright/contract';
import { expect, test } from 'vitest';
import { generateSecret } from '../../src/keys/secret-format.ts';
import { client } from '../support/client.ts';
import { forEachEngine, type Place } from '../support/engines.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { settingsOf } from './support/program.ts';

forEachEngine((createPlace) => {
  test('the bootstrap key is registered once; another value revokes it at once', async () => {
    const place = await createPlace();
    const [first, second] = [newToken(), newToken()];
    let service = await start(place, first);
    const [registered] = await listServiceKeys(service, first);
    expect(registered).toMatchObject({
      name: 'Bootstrap',
      projectId: null,
      createdBy: 'system',
      expiresAt: null,
    });
    expect(registered?.scopes).toContain('admin');
    await service.stop();

    service = await start(place, first);
    expect(await listServiceKeys(service, first)).toEqual([{ ...registered, lastUsedAt: expect.anything() }]);
    expect(await actions(place)).toEqual(['service_key.created']);
    await service.stop();

    service = await start(place, second);
    expect(await statusWith(service, first)).toBe(401);
    const [other, ...more] = await listServiceKeys(service, second);
    expect(more).toEqual([]);
    expect(other?.id).not.toBe(registered?.id);
    expect(await actions(place)).toEqual([
      'service_key.created',
      'service_key.deleted',
      'service_key.created',
    ]);
    await service.stop();

    // The first one was revoked, and the second one is revoked by its return, which does not bring it back.
    service = await start(place, first);
    expect(await statusWith(service, first)).toBe(401);
    expect(await statusWith(service, second)).toBe(401);
  });

  test('a bootstrap key that was deleted is not brought back by the same value', async () => {
    const place = await createPlace();
    const token = newToken();
    let service = await start(place, token);
    const api = client(service.url, token);
    const other = await api.call('createServiceKey', { body: { name: 'Other', scopes: ['admin'] } });
    const [bootstrap] = (await api.call('listServiceKeys')).items.filter(({ name }) => name === 'Bootstrap');
    await api.call('deleteServiceKey', { params: { serviceKeyId: bootstrap?.id ?? '' } });
    expect(await statusWith(service, token)).toBe(401);
    await service.stop();

    service = await start(place, token);
    expect(await statusWith(service, token)).toBe(401);
    expect(await listServiceKeys(service, other.secret)).toHaveLength(1);
    expect(service.logs()).toMatch(
      /"level":"warn".+the bootstrap key was deleted or rotated before; it stays dead/,
    );
  });

  test('a bootstrap key that was rotated away stays dead, and its new secret lives', async () => {
    const place = await createPlace();
    const token = newToken();
    let service = await start(place, token);
    const [bootstrap] = await listServiceKeys(service, token);
    const rotated = await client(service.url, token).call('rotateServiceKey', {
      params: { serviceKeyId: bootstrap?.id ?? '' },
    });
    expect(await statusWith(service, token)).toBe(401);
    await service.stop();

    service = await start(place, token);
    expect(await statusWith(service, token)).toBe(401);
    expect((await listServiceKeys(service, rotated.secret)).map(({ id }) => id)).toEqual([bootstrap?.id]);
    expect(service.logs()).toContain('it stays dead');
  });

  test('without a bootstrap key, the one of the last start stays', async () => {
    const place = await createPlace();
    const token = newToken();
    await (await start(place, token)).stop();
    const service = await start(place, undefined);
    expect(await statusWith(service, token)).toBe(200);
  });
});

function newToken(): string {
  return generateSecret('kws').reveal();
}

function start(place: Place, token: string | undefined): Promise<RunningService> {
  return startService({ env: { ...settingsOf(place), KEYWRIGHT_BOOTSTRAP_KEY: token } });
}

async function listServiceKeys({ url }: RunningService, token: string): Promise<ServiceKey[]> {
  return (await client(url, token).call('listServiceKeys')).items;
}

async function statusWith({ url }: RunningService, token: string): Promise<number> {
  return (await client(url, token).request('GET', '/v1/service-keys')).status;
}

async function actions(place: Place): Promise<string[]> {
  const rows = await place.query<{ action: string }>('SELECT action FROM ledger ORDER BY seq');
  return rows.map(({ action }) => action);
}
