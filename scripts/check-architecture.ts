// Every path that ARCHITECTURE.md names must exist, so that the map does not outlive what it shows.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMissingPaths } from './find-missing-paths.ts';

const root = join(import.meta.dirname, '..');
const map = join(root, 'ARCHITECTURE.md');

const fault = existsSync(map) ? describeMissing(readFileSync(map, 'utf8')) : 'There is no ARCHITECTURE.md.';
if (fault) console.log(fault);
process.exitCode = fault ? 1 : 0;

function describeMissing(markdown: string): string | undefined {
  const missing = findMissingPaths(markdown, (path) => globSync(path, { cwd: root }).length > 0);
  return missing.length > 0 ? `ARCHITECTURE.md names what does not exist: ${missing.join(', ')}.` : undefined;
}
