import { readFileSync } from 'node:fs';

/** The version of this package. Its package.json lies two levels above this file, in the sources as in the build. */
export function readVersion(): string {
  const content: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const isManifest = typeof content === 'object' && content !== null && 'version' in content;
  return isManifest ? String(content.version) : 'unknown';
}
