import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasErrorCode } from '../../error-code.ts';
import { StartupError } from '../../startup-error.ts';
import type { CliContext } from '../context.ts';
import { atInterruption } from '../interruption.ts';
import { alreadyThere } from './target.ts';

/**
 * Has a file written under another name, and gives it its own when it is finished: whole or not at all, and nothing is
 * left of it when a signal ends it. Nobody but its owner may read it.
 * @param write fills the draft, which is there and empty
 * @throws when there is a file of that name, unless it may be replaced, and when the disk is full
 */
export async function publishFile<T>(
  context: CliContext,
  target: string,
  { mayReplace }: { mayReplace: boolean },
  write: (draft: string) => Promise<T>,
): Promise<T> {
  const draft = `${target}.${randomBytes(4).toString('hex')}.partial`;
  atInterruption(context, () => removeDraft(draft));
  try {
    // Made here and not by who writes: its mode is to be this, whatever the umask is.
    await (await open(draft, 'wx', 0o600)).close();
    const written = await write(draft);
    await publish(draft, target, mayReplace);
    return written;
  } catch (error) {
    removeDraft(draft);
    throw isFull(error) ? new StartupError(`The disk of ${dirname(target)} is full.`, error) : error;
  }
}

/** With what SQLite keeps beside a database that it writes. */
function removeDraft(draft: string): void {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(draft + suffix, { force: true });
}

function isFull(error: unknown): boolean {
  return hasErrorCode(error, 'ENOSPC', 'EDQUOT', 'SQLITE_FULL');
}

async function publish(draft: string, target: string, mayReplace: boolean): Promise<void> {
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
