// A picture of each screen and state of the console, wide and narrow, light and dark, from a real server with made-up data:
//   npm run screenshots              all of them, into screenshots/
//   npm run screenshots -- apikeys   those whose name begins so
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { ensureProgram } from '../test-support/system-package.ts';
import { account, type Furnished, furnish } from './screenshots/furnish.ts';
import { shots } from './screenshots/shots.ts';

const root = join(import.meta.dirname, '..');
const target = join(root, 'screenshots');
const wanted = process.argv.slice(2);
const widths = { wide: { width: 1440, height: 900 }, narrow: { width: 360, height: 780 } } as const;

ensureProgram('chromium-headless-shell', 'chromium-headless-shell');
mkdirSync(target, { recursive: true });
const directory = mkdtempSync(join(tmpdir(), 'keywright-screenshots-'));
const server = await startServer(directory);
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium-headless-shell',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  const furnished = await furnish(server.url);
  for (const [size, viewport] of Object.entries(widths)) {
    for (const theme of ['light', 'dark'] as const) {
      const context = await browser.newContext({
        viewport,
        colorScheme: theme,
        baseURL: server.url,
        locale: 'en-US',
      });
      await takeAll(context, furnished, `${size}-${theme}`);
      await context.close();
    }
  }
} finally {
  await browser.close();
  server.process.kill('SIGTERM');
  await once(server.process, 'exit');
  rmSync(directory, { recursive: true, force: true });
}

async function takeAll(context: BrowserContext, furnished: Furnished, suffix: string): Promise<void> {
  for (const { name, signedIn = true, act, path } of shots) {
    if (wanted.length > 0 && !wanted.some((start) => name.startsWith(start))) continue;
    await context.clearCookies();
    if (signedIn) await signIn(context);
    const page = await context.newPage();
    await page.goto(typeof path === 'string' ? path : path(furnished));
    await page.waitForLoadState('networkidle');
    await act?.(page, furnished);
    await settle(page);
    // On a busy machine a dialog may still be moving in; its end is what is wanted.
    await page.screenshot({ path: join(target, `${name}-${suffix}.png`), animations: 'disabled' });
    console.log(`${name}-${suffix}.png`);
    await page.close({ runBeforeUnload: false });
  }
}

async function signIn(context: BrowserContext): Promise<void> {
  const { email, password } = account;
  await context.request.post('/api/auth/sign-in/email', {
    data: { email, password },
    headers: { Origin: server.url },
  });
}

/** Until what moves in is at rest. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(400);
}

async function startServer(dataDir: string) {
  const child = spawn(
    process.execPath,
    [join(root, 'packages/server/dist/main.js'), 'serve', '--port', '0'],
    {
      env: {
        PATH: process.env.PATH,
        KEYWRIGHT_DATA_DIR: dataDir,
        KEYWRIGHT_GATEWAY_PORT: '0',
        KEYWRIGHT_ADMIN_EMAIL: account.email,
        KEYWRIGHT_ADMIN_PASSWORD: account.password,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
    const url = /"url":"([^"]+)"/.exec(output)?.[1];
    if (url !== undefined) {
      child.stdout.resume();
      return { process: child, url };
    }
  }
  throw new Error(`The server did not start: ${output}`);
}
