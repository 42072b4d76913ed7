import { type Browser, chromium } from 'playwright-core';
import { ensureProgram } from '../../../../test-support/system-package.ts';

/** The tests run as whoever runs them, root among them, and reach nothing but this machine. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Stands for a server elsewhere on the network, which has no `navigator.clipboard` on plain HTTP.
  '--host-resolver-rules=MAP keywright.test 127.0.0.1',
];

/** Runs once before the browser tests: the system's Chromium, installed when it is missing. */
export function setup(): void {
  // Chromium without the windows that nobody sees, which would take half of the time.
  ensureProgram('chromium-headless-shell', 'chromium-headless-shell');
}

/** One for each file of tests: those that run at the same time must not share a clipboard. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium-headless-shell', args: flags });
}
