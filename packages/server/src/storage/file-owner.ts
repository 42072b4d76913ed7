import { chownSync, statSync } from 'node:fs';

/** Who owns a file, by the numbers of the system. */
export interface FileOwner {
  uid: number;
  gid: number;
}

/** The owner of the first of these paths that is there. */
export function ownerOf(...paths: readonly string[]): FileOwner | null {
  for (const path of paths) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined) return { uid: found.uid, gid: found.gid };
  }
  return null;
}

/**
 * Gives a file that root has made to whom it is for. Others make their own files only, and nothing is done for them.
 */
export function giveTo(owner: FileOwner | null, path: string): void {
  if (owner === null || process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(path);
  // A file system that knows no owners refuses even what changes nothing.
  if (uid !== owner.uid || gid !== owner.gid) chownSync(path, owner.uid, owner.gid);
}
