import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** The wall clock of a service that a test can set. */
export interface SettableClock {
  /** The settings with which the service is started. */
  env: Record<string, string>;
  /** Sets it so far ahead of this machine's, or behind it. */
  set(offsetMs: number): void;
}

export function settableClock(): SettableClock {
  const directory = mkdtempSync(join(tmpdir(), 'keywright-clock-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'offset');
  const set = (offsetMs: number) => {
    // At once: the service may read it at any moment.
    writeFileSync(`${file}.next`, String(offsetMs));
    renameSync(`${file}.next`, file);
  };
  set(0);
  const preload = new URL('./set-clock.mjs', import.meta.url).href;
  return { env: { NODE_OPTIONS: `--import=${preload}`, TEST_CLOCK_FILE: file }, set };
}
