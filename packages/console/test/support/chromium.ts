import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { ensureProgram } from '../../../../test-support/system-package.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the Chromium listens that all browser tests of a run share; each test has a context of its own in it. */
    browserUrl: string;
  }
}

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
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Chromium without the windows that nobody sees, which would take half of the time.
  ensureProgram('chromium-headless-shell', 'chromium-headless-shell');
  const server = await chromium.launchServer({
    executablePath: '/usr/bin/chromium-headless-shell',
    args: flags,
  });
  project.provide('browserUrl', server.wsEndpoint());
  return () => server.close();
}
