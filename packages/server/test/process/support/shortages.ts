import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createTemporaryDirectory } from './directory.ts';

export interface Shortage {
  what: string;
  /** What the answers to changes say of it. */
  detail: string;
  /** And what `/readyz` says. */
  reason: string;
  makeDirectory(): string;
  /** From now on nothing more can be written, until what it answers is called. */
  begin(pid: number, dataDir: string): () => void;
}

/** A disk in memory with room for the database and for a while of changes. */
const fullDisk: Shortage = {
  what: 'a full disk',
  detail: 'The disk of the database is full. Nothing was changed.',
  reason: 'nothing can be changed or revoked: its disk is full',
  makeDirectory() {
    const disk = createTemporaryDirectory();
    mount(disk);
    onTestFinished(() => unmount(disk));
    return join(disk, 'data');
  },
  begin(_, dataDir) {
    const ballast = join(dataDir, '../ballast');
    fill(ballast);
    return () => rmSync(ballast);
  },
};

/** A limit on the size of files makes every write of the process fail that would exceed it. */
const failingWrites: Shortage = {
  what: 'a disk whose writes fail',
  detail: 'The database does not answer.',
  reason: 'nothing can be changed or revoked: writing to its disk fails',
  makeDirectory: createTemporaryDirectory,
  begin(pid) {
    const setLimit = (limit: string) => execFileSync('prlimit', ['--pid', String(pid), `--fsize=${limit}:`]);
    setLimit('1');
    return () => setLimit('unlimited');
  },
};

// Both need Linux; a disk of one's own can be made by root only.
export const shortages: Shortage[] = [
  ...(mayMount() ? [fullDisk] : []),
  ...(process.platform === 'linux' ? [failingWrites] : []),
];

/** The system tells of such a write by a signal as well, which ends a process that does not listen for it. */
export const nodeOptions = '--import=data:text/javascript,process.on(%22SIGXFSZ%22,()=>{})';

function mayMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const directory = mkdtempSync(join(tmpdir(), 'keywright-mount-'));
  try {
    mount(directory);
    unmount(directory);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(directory);
  }
}

function mount(directory: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', directory], { stdio: 'ignore' });
}

function unmount(directory: string): void {
  execFileSync('umount', ['--lazy', directory]);
}

/** Writes until nothing more can be written. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (const size of [64 * 1024, 4096, 1]) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}
