import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** This package's package.json, which it finds by its own name: from the sources as from the build. */
const manifest = createRequire(import.meta.url).resolve('keywright/package.json');

export function readVersion(): string {
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

/** The path of a file in `assets/`: what is served as it is. */
export function assetPath(name: string): string {
  return join(dirname(manifest), 'assets', name);
}
