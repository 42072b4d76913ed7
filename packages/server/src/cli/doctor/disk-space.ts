import { statfs } from 'node:fs/promises';
import { explainError } from '../say.ts';
import { type Check, ok, warning } from './check.ts';
import { findExistingParent } from './data-directory.ts';

/** How much the disk of the data directory can still take. */
export async function checkDiskSpace(dataDir: string): Promise<Check> {
  try {
    // Whatever is next above has the disk that a directory yet to be made will be on.
    const { bavail, bsize } = await statfs(dataDir).catch(async () =>
      statfs(await findExistingParent(dataDir)),
    );
    return judgeDiskSpace(bavail * bsize);
  } catch (error) {
    return warning('disk', explainError(error).join(' '), 'See yourself how much space is left.');
  }
}

const gib = 1024 ** 3;

export function judgeDiskSpace(freeBytes: number): Check {
  const message = `${(freeBytes / gib).toFixed(1)} GiB free.`;
  if (freeBytes >= gib) return ok('disk', message);
  return warning('disk', message, 'Make room: when the disk is full, no key can be made or revoked.');
}
