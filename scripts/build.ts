// Compiles the packages into their dist folders, in the order in which they depend on each other, and copies the files
// beside the sources that are not TypeScript.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const root = join(import.meta.dirname, '..');
const packages = ['contract', 'server'];

buildConsole();

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

/** The console is bundled for browsers, then compressed ahead of time as far as it goes. */
function buildConsole(): void {
  const folder = join(root, 'packages/console');
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const { status } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exit(1);
  for (const directory of ['dist', 'dist/assets']) {
    for (const name of readdirSync(join(folder, directory))) {
      if (/\.(js|css|json|svg)$/.test(name)) compress(join(folder, directory, name));
    }
  }
}

function compress(path: string): void {
  const content = readFileSync(path);
  writeFileSync(`${path}.br`, brotliCompressSync(content));
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
}

function copyAssets(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    filter: (path) => extname(path) !== '.ts' && !path.endsWith('/testing'),
  });
}

function makeExecutable(path: string): void {
  if (existsSync(path)) chmodSync(path, 0o755);
}
