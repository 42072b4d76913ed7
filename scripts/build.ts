// Compiles the packages into their dist folders, in the order in which they depend on each other, and copies the files
// beside the sources that are not TypeScript.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, rmSync } from 'node:fs';
import { extname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const packages = ['contract', 'server'];

for (const name of packages) {
  const folder = join(root, 'packages', name);
  // Emptied first, so that nothing stays whose source is gone.
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', folder], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exit(1);
  copyAssets(join(folder, 'src'), join(folder, 'dist'));
  // A published package carries the licence; npm would take it from the package's own folder only.
  copyFileSync(join(root, 'LICENSE'), join(folder, 'dist/LICENSE'));
}
makeExecutable(join(root, 'packages/server/dist/main.js'));

function copyAssets(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    filter: (path) => extname(path) !== '.ts' && !path.endsWith('/testing'),
  });
}

function makeExecutable(path: string): void {
  if (existsSync(path)) chmodSync(path, 0o755);
}
