import { chmodSync, closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { prepareDataDirectory } from './sqlite-files.ts';

test('files that a process takes away as it ends keep nobody from starting', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'keywright-files-'));
  const wal = join(directory, 'keywright.db-wal');
  closeSync(openSync(wal, 'w', 0o600));
  // Everybody may enter, so that who can read the files is looked at, too.
  chmodSync(directory, 0o701);
  const program = `
    const { closeSync, openSync, rmSync } = require('node:fs');
    for (;;) { rmSync(${JSON.stringify(wal)}); closeSync(openSync(${JSON.stringify(wal)}, 'w', 0o600)); }`;
  const other = new Worker(program, { eval: true });
  try {
    await new Promise((resolve) => other.once('online', resolve));
    for (let start = 0; start < 5000; start++) {
      expect(() => prepareDataDirectory(directory)).not.toThrow();
    }
  } finally {
    await other.terminate();
    rmSync(directory, { recursive: true });
  }
});
