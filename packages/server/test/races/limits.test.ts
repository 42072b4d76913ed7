import { expect, test } from 'vitest';
import { createChannel } from '../../src/channels/create-channel.ts';
import { createKey } from '../../src/keys/create-key.ts';
import { updateKey } from '../../src/keys/update-key.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { forEachEngine } from '../support/engines.ts';
import { holdProject } from './gate.ts';
import { admin, checkLedger, startService, tally } from './service.ts';

/** Times n, all asked for before any is answered. */
function times<T>(count: number, run: (index: number) => Promise<T>): Promise<PromiseSettledResult<T>[]> {
  return Promise.allSettled(Array.from({ length: count }, (_, index) => run(index)));
}

forEachEngine((createPlace) => {
  test('of 40 creates at once for one owner, exactly as many pass as the policy allows', async () => {
    const place = await createPlace();
    const service = await startService(await place.open());
    const { context } = service;
    const project = await createProject(context, admin, { name: 'Race', preset: 'standard' });

    const gate = await holdProject(place, project.id);
    const racing = times(40, (index) =>
      createKey(context, admin, project.id, { ownerId: 'one', name: `Key of ${index}` }),
    );
    await gate.open();

    expect(tally(await racing)).toEqual({ succeeded: 10, refused: { key_limit_reached: 30 } });
    expect(await checkLedger(service)).toMatchObject({ holds: true, rows: 11 });
  });

  test("a project's own keys and each channel's count apart", async () => {
    const place = await createPlace();
    const service = await startService(await place.open());
    const { context } = service;
    const project = await createProject(context, admin, { name: 'Race', preset: 'standard' });
    const channel = await createChannel(context, admin, project.id, {
      slug: 'orders',
      name: 'Orders',
      policy: { maxKeysPerOwner: 3 },
    });

    const gate = await holdProject(place, project.id);
    const own = times(20, (index) =>
      createKey(context, admin, project.id, { ownerId: 'one', name: `Own ${index}` }),
    );
    const bound = times(20, (index) =>
      createKey(context, admin, project.id, {
        ownerId: 'one',
        name: `Bound ${index}`,
        channelId: channel.id,
      }),
    );
    await gate.open();

    expect(tally(await own)).toEqual({ succeeded: 10, refused: { key_limit_reached: 10 } });
    expect(tally(await bound)).toEqual({ succeeded: 3, refused: { key_limit_reached: 17 } });
  });

  test('of ten creates of the same name for one owner, one passes', async () => {
    const place = await createPlace();
    const service = await startService(await place.open());
    const { context } = service;
    const project = await createProject(context, admin, { name: 'Race', preset: 'standard' });

    const gate = await holdProject(place, project.id);
    const racing = times(10, () =>
      createKey(context, admin, project.id, { ownerId: 'one', name: 'The same' }),
    );
    await gate.open();

    expect(tally(await racing)).toEqual({ succeeded: 1, refused: { name_taken: 9 } });
  });

  test('keys that are given to one owner at once do not pass its limit', async () => {
    const place = await createPlace();
    const service = await startService(await place.open());
    const { context } = service;
    const project = await createProject(context, admin, { name: 'Race', preset: 'standard' });
    const made = await Promise.all(
      Array.from({ length: 14 }, (_, index) =>
        createKey(context, admin, project.id, { ownerId: `owner ${index}`, name: `Key ${index}` }),
      ),
    );

    const gate = await holdProject(place, project.id);
    const racing = times(made.length, (index) =>
      updateKey(context, admin, made[index]?.key.id ?? '', { ownerId: 'one' }),
    );
    await gate.open();

    expect(tally(await racing)).toEqual({ succeeded: 10, refused: { key_limit_reached: 4 } });
  });
});
