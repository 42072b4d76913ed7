import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** The clocks of a service that a test can set. */
export interface SettableClock {
  /** The settings with which the service is started. */
  env: Record<string, string>;
  /** Sets the wall clock so far ahead of this machine's, or behind it. */
  set(offsetMs: number): void;
  /** Lets time go by, on both clocks. */
  pass(ms: number): void;
}

export function settableClock(): SettableClock {
  const directory = mkdtempSync(join(tmpdir(), 'keywright-clock-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'offsets');
  const offsets = { wall: 0, monotonic: 0 };
  const write = () => {
    // At once: the service may read it at any moment.
    writeFileSync(`${file}.next`, JSON.stringify(offsets));
    renameSync(`${file}.next`, file);
  };
  write();
  const preload = new URL('./set-clock.mjs', import.meta.url).href;
  return {
    env: { NODE_OPTIONS: `--import=${preload}`, TEST_CLOCK_FILE: file },
    set(offsetMs) {
      offsets.wall = offsetMs;
      write();
    },
    pass(ms) {
      offsets.wall += ms;
      offsets.monotonic += ms;
      write();
    },
  };
}
