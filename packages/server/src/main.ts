#!/usr/bin/env node
import { checkNodeVersion } from './node-version.ts';

// Before anything is written: files that this process makes are for its own user only.
process.umask(0o077);

const fault = checkNodeVersion(process.versions.node);
if (fault === null) {
  // Imported only now, because better-sqlite3 crashes on an older Node.js without a word.
  const { processContext, runCli } = await import('./cli/run.ts');
  process.exitCode = await runCli(process.argv.slice(2), processContext());
} else {
  process.stderr.write(`keywright: ${fault}\n`);
  process.exitCode = 1;
}
