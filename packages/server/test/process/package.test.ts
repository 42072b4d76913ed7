import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { client } from '../support/client.ts';
import { startService } from '../support/running-service.ts';
import { createTemporaryDirectory } from './support/directory.ts';

const root = join(import.meta.dirname, '../../../..');

test('what is published runs: no file is missing that only the repository has', async () => {
  const modules = join(createTemporaryDirectory(), 'node_modules');
  const installed = unpack('packages/server', join(modules, 'keywright'));
  unpack('packages/console', join(modules, '@keywright/console'));
  for (const name of dependenciesOf(installed)) {
    if (!name.startsWith('@keywright/')) link(join(root, 'node_modules', name), join(modules, name));
  }
  const service = await startService({ program: join(installed, 'dist/main.js') });
  for (const path of [
    '/',
    '/docs',
    '/docs/initializer.js',
    '/docs/swagger-ui.css',
    '/style.css',
    '/icon.svg',
  ]) {
    const { status } = await fetch(service.url + path);
    expect([path, status]).toEqual([path, 200]);
  }
  const admin = client(service.url, service.bootstrapKey);
  const { id: projectId } = await admin.call('createProject', { body: { name: 'My API' } });
  const { key } = await admin.call('createKey', { params: { projectId }, body: { name: 'Production' } });
  // A search is read by a thread, which is a file of its own.
  const found = await admin.call('listKeys', { params: { projectId }, query: { search: 'roduc' } });
  expect(found.items).toMatchObject([{ id: key.id }]);
  expect(await service.stop()).toBe(0);
});

test('whose code is in it, and under which licence, is published with it', () => {
  const server = unpack('packages/server', createTemporaryDirectory());
  const ofServer = readFileSync(join(server, 'dist/licenses.txt'), 'utf8');
  for (const name of ['better-auth', 'kysely', 'zod']) expect(ofServer).toMatch(entryOf(name, 'MIT'));
  // What is loaded as it was installed has its own licence there.
  expect(ofServer).not.toMatch(/^better-sqlite3 /m);
  const console = unpack('packages/console', createTemporaryDirectory());
  const ofConsole = readFileSync(join(console, 'dist/licenses.txt'), 'utf8');
  for (const name of ['react', 'recharts', 'tailwindcss']) expect(ofConsole).toMatch(entryOf(name, 'MIT'));
  expect(ofConsole).toMatch(entryOf('@fontsource-variable/inter', 'OFL-1.1'));
  expect(`${ofServer}${ofConsole}`).not.toContain('@keywright/');
});

/** A package's line, and the beginning of its licence's text. */
function entryOf(name: string, license: string): RegExp {
  return new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(${license}\\)\\n\\n.*\\b(Copyright|MIT License)\\b`, 'm');
}

/** Packs a package as npm would publish it, and unpacks it where it would be installed. */
function unpack(folder: string, target: string): string {
  const directory = createTemporaryDirectory();
  const pack = ['pack', '--silent', '--pack-destination', directory];
  const file = execFileSync('npm', pack, { cwd: join(root, folder), encoding: 'utf8' }).trim();
  mkdirSync(target, { recursive: true });
  execFileSync('tar', ['-xzf', join(directory, file), '--strip-components=1', '-C', target]);
  return target;
}

function dependenciesOf(installed: string): string[] {
  const manifest: { dependencies: Record<string, string> } = JSON.parse(
    readFileSync(join(installed, 'package.json'), 'utf8'),
  );
  return Object.keys(manifest.dependencies);
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}
