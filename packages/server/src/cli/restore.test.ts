import { expect, test } from 'vitest';
import { DirectoryTakenError, StartupError } from '../startup-error.ts';
import { FakeProcess } from './testing/fake-context.ts';

test('a restore waits for a command that has the directory', async () => {
  let attempts = 0;
  const claimDataDirectory = () => {
    attempts++;
    throw attempts < 3 ? new DirectoryTakenError('A command has it.') : new StartupError('Enough.');
  };
  const process = new FakeProcess({ installation: { claimDataDirectory } });
  expect(await process.run('restore', import.meta.filename, '--yes')).toBe(1);
  expect({ attempts, stderr: process.stderr }).toEqual({ attempts: 3, stderr: 'keywright: Enough.\n' });
});
