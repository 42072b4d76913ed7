import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { ensureProgram } from '../test-support/system-package.ts';
import { type Comparison, compare } from './measure.ts';
import { seed } from './seed.ts';
import { makePlace, openEngine } from './seeded.ts';
import { startServer, stopServer } from './verify-http.ts';
import { caller } from './workshop.ts';

const few = 60;
const account = { email: 'bench@example.com', password: randomBytes(12).toString('hex') };

/** From a click to a painted page of the list: with a great many keys in the project, against a few pages of them. */
export async function benchConsole(rounds: number, count: number): Promise<Comparison[]> {
  ensureProgram('chromium-headless-shell', 'chromium-headless-shell');
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium-headless-shell',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const [large, small] = [await openConsole(browser, count), await openConsole(browser, few)];
  try {
    const rows: Comparison[] = [];
    for (const [name, act] of Object.entries(actions)) {
      const row = await compare(
        {
          name: `console, ${name}: from the click to the painted page, ${count.toLocaleString('en')} keys`,
          unit: 'ms',
          againstName: `the same with ${few} keys`,
          goal: { atMost: 1.5 },
          ours: () => act(large.page),
          against: () => act(small.page),
        },
        rounds,
      );
      rows.push(row);
    }
    return rows;
  } finally {
    await browser.close();
    await Promise.all([large.close(), small.close()]);
  }
}

/** Each begins and ends on the first page of the whole list. */
const actions: Readonly<Record<string, (page: Page) => Promise<number>>> = {
  async 'next page'(page) {
    const ms = await clickToPaint(page, 'nav[aria-label=Pages] button:last-child', '21–40');
    await clickToPaint(page, 'nav[aria-label=Pages] button:nth-last-child(2)', '1–20');
    return ms;
  },
  async 'sort by name'(page) {
    const ms = await clickToPaint(page, 'thead th:nth-child(1) button:last-child', '1–20');
    await clickToPaint(page, 'thead th:nth-child(4) button:last-child', '1–20');
    return ms;
  },
};

/** @param range what stands under the list when it is there */
function clickToPaint(page: Page, selector: string, range: string): Promise<number> {
  return page.evaluate<number>(`clickToPaint(${JSON.stringify(selector)}, ${JSON.stringify(range)})`);
}

async function openConsole(browser: Browser, count: number) {
  const directory = mkdtempSync(join(tmpdir(), 'keywright-bench-'));
  const { context: engine, close } = await openEngine(directory);
  const place = await makePlace(engine);
  await close();
  await seed(directory, place, count, caller);
  const server = await startServer(['packages/server/src/main.ts', 'serve', '--port', '0'], {
    KEYWRIGHT_DATA_DIR: directory,
    KEYWRIGHT_GATEWAY_PORT: 'off',
    KEYWRIGHT_ADMIN_EMAIL: account.email,
    KEYWRIGHT_ADMIN_PASSWORD: account.password,
  });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.request.post(`${server.url}/api/auth/sign-in/email`, {
    data: account,
    headers: { Origin: server.url },
  });
  await context.addInitScript({ path: join(import.meta.dirname, 'click-to-paint.js') });
  const page = await context.newPage();
  await page.goto(`${server.url}/apikeys?project=${place.projectId}`);
  await page.getByRole('table').waitFor();
  return {
    page,
    async close() {
      await stopServer(server.process);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
