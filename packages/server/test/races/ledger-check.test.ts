import { expect, test } from 'vitest';
import { checkSource } from '../../src/cli/restore/ledger-source.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { forEachEngine } from '../support/engines.ts';
import { admin, startEngine } from '../support/running-engine.ts';

forEachEngine((createPlace) => {
  test('a ledger that grows while it is checked, as that of a server that runs, holds', async () => {
    const storage = await (await createPlace()).open();
    const { context } = await startEngine(storage);
    const grow = () => createProject(context, admin, { name: 'P', preset: 'standard' });
    const { ledger } = storage.stores;
    await grow();
    const { report, source } = await checkSource('The database', {
      ...ledger,
      async head() {
        const head = await ledger.head();
        await grow();
        return head;
      },
    });
    expect(report).toMatchObject({ holds: true, rows: 1 });
    const rows = await Array.fromAsync(source.rows());
    expect(rows.length).toBeGreaterThan(1);
  });
});
