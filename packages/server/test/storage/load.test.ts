import { expect, test } from 'vitest';
import { forEachEngine } from '../support/engines.ts';
import { randomHash } from '../support/records.ts';
import { until } from '../support/waiting.ts';

forEachEngine((createPlace) => {
  test('it is told how many changes run, and how many wait for a connection', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const gate = Promise.withResolvers<void>();
    const first = storage.transaction(() => gate.promise);
    await until(() => storage.load().busy === 1 && storage.load().waiting === 0, 'the first one runs');
    // More than any number of connections.
    const others = Array.from({ length: 20 }, () => storage.transaction(() => gate.promise));
    await until(() => storage.load().waiting > 0, 'others wait');
    const { open, busy, waiting } = storage.load();
    expect(busy).toBe(open);
    expect(busy + waiting).toBe(21);
    gate.resolve();
    await Promise.all([first, ...others]);
    await until(() => storage.load().busy === 0, 'none runs');
    expect(storage.load()).toMatchObject({ open, waiting: 0 });
  });

  test('what a verification reads waits for no change, however many are held up', async () => {
    const storage = await (await createPlace()).open();
    const gate = Promise.withResolvers<void>();
    const changes = Array.from({ length: 20 }, () => storage.transaction(() => gate.promise));
    await until(() => storage.load().waiting > 0, 'changes wait');
    try {
      expect(await storage.verification.loadKeys([randomHash()])).toEqual([]);
    } finally {
      gate.resolve();
      await Promise.all(changes);
    }
  });
});
