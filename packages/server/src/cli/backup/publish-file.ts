import { existsSync } from 'node:fs';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasErrorCode } from '../../error-code.ts';
import { alreadyThere } from './target.ts';

/**
 * Gives a finished file its name, whole or not at all.
 * @throws when there is a file of that name, unless it may be replaced
 */
export async function publishFile(
  draft: string,
  target: string,
  { mayReplace }: { mayReplace: boolean },
): Promise<void> {
  await syncPath(draft);
  if (mayReplace) await rename(draft, target);
  else await renameToNew(draft, target);
  await syncPath(dirname(target));
}

/** `rename` would replace what somebody has put there in the meantime; a second name for the file does not. */
async function renameToNew(draft: string, target: string): Promise<void> {
  try {
    await link(draft, target);
  } catch (error) {
    const isTaken = hasErrorCode(error, 'EEXIST') || existsSync(target);
    if (isTaken) throw alreadyThere(target);
    // A file system where files have one name only.
    await rename(draft, target);
    return;
  }
  await rm(draft);
}

/** Waits until the disk has a file, or the names in a directory. */
async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
