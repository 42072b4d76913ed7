// Holds the import directions that ARCHITECTURE.md describes, and that no two files import each other in a circle.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findViolations } from './import-rules.ts';

const root = join(import.meta.dirname, '..');
const paths = globSync('packages/*/src/**/*.{ts,tsx}', { cwd: root }).map((path) =>
  path.replaceAll('\\', '/'),
);
const sources = new Map(paths.sort().map((path) => [path, readFileSync(join(root, path), 'utf8')]));
const violations = findViolations(sources);

for (const violation of violations) console.log(violation);
if (sources.size === 0) console.log('There are no sources to check.');
process.exitCode = violations.length === 0 && sources.size > 0 ? 0 : 1;
