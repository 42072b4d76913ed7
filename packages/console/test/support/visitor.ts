import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, expect } from 'vitest';
import { launchChromium } from './chromium.ts';
import type { Person } from './installation.ts';

export interface VisitOptions {
  width?: number;
  height?: number;
  theme?: 'light' | 'dark';
  /** The language of the browser. */
  locale?: string;
  /** Whether the system has colours of its own for everything, as for people who see little. */
  forcedColors?: boolean;
  /** Who is signed in already; left out: nobody. */
  as?: Person;
  /** Another address of the same server, such as one without `navigator.clipboard`. */
  origin?: string;
}

/** A browser that looks at a console. What it did not expect to go wrong fails the test. */
export interface Visitor {
  page: Page;
  context: BrowserContext;
  /** Opens an address of the console. */
  go(path: string): Promise<void>;
  /** From now on, failures that match are no surprise: errors of the console, addresses, "403 POST /v1/…". */
  expectFailure(pattern: RegExp): void;
  /** What is on the system's clipboard. */
  clipboard(): Promise<string>;
}

const minuteMs = 60_000;
let browser: Promise<Browser> | null = null;
const open = new Set<{ context: BrowserContext; surprises: () => string[] }>();

afterEach(async ({ task }) => {
  const left = [...open];
  open.clear();
  if (task.result?.state === 'fail') await Promise.all(left.map(({ context }) => tell(context)));
  const surprises = left.flatMap((visit) => visit.surprises());
  await Promise.all(left.map(({ context }) => context.close()));
  expect(surprises).toStrictEqual([]);
});

afterAll(async () => {
  await (await browser)?.close();
  browser = null;
});

/** @param url of the server */
export async function visit(url: string, options: VisitOptions = {}): Promise<Visitor> {
  const { width = 1440, height = 900, theme = 'light', as, origin = url } = options;
  const { locale = 'en-US', forcedColors = false } = options;
  browser ??= launchChromium();
  const context = await (await browser).newContext({
    viewport: { width, height },
    colorScheme: theme,
    baseURL: origin,
    locale,
    forcedColors: forcedColors ? 'active' : 'none',
    acceptDownloads: true,
  });
  if (origin === url) await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  context.setDefaultTimeout(minuteMs / 4);
  if (as) await signIn(context, { url, origin, person: as });
  const page = await context.newPage();
  const expected: RegExp[] = [];
  const seen: string[] = [];
  watch(page, seen);
  open.add({
    context,
    surprises: () => seen.filter((surprise) => !expected.some((pattern) => pattern.test(surprise))),
  });
  return {
    page,
    context,
    go: async (path) => {
      await page.goto(path);
    },
    expectFailure: (pattern) => void expected.push(pattern),
    clipboard: () => page.evaluate(() => navigator.clipboard.readText()),
  };
}

/** As the form does it, without the form. */
async function signIn(
  context: BrowserContext,
  { url, origin, person: { email, password } }: { url: string; origin: string; person: Person },
): Promise<void> {
  const response = await context.request.post(`${url}/api/auth/sign-in/email`, {
    data: { email, password },
    headers: { Origin: url },
  });
  expect(response.status(), await response.text()).toBe(200);
  const { hostname } = new URL(origin);
  await context.addCookies((await context.cookies()).map((cookie) => ({ ...cookie, domain: hostname })));
}

/** Says what a failed test had before it: where it was, and what a screen reader would have read there. */
async function tell(context: BrowserContext): Promise<void> {
  for (const page of context.pages()) {
    const seen = await page.ariaSnapshot({ timeout: 5_000 }).catch((error: Error) => error.message);
    process.stderr.write(`${page.url()}\n${seen}\n`);
  }
}

function watch(page: Page, seen: string[]): void {
  page.on('console', (message) => {
    // A failed request is told of below, with more about it.
    const isRequest = message.text().startsWith('Failed to load resource');
    if (['error', 'warning'].includes(message.type()) && !isRequest) seen.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => seen.push(`error: ${error.stack ?? error.message}`));
  page.on('requestfailed', (request) => {
    // What a page no longer wants when it is left or moves on.
    if (request.failure()?.errorText === 'net::ERR_ABORTED') return;
    seen.push(`failed: ${request.method()} ${new URL(request.url()).pathname}`);
  });
  page.on('response', (response) => {
    if (response.status() < 400) return;
    const { pathname } = new URL(response.url());
    seen.push(`${response.status()} ${response.request().method()} ${pathname}`);
  });
}

/** Waits until what has the focus has this text. */
export async function expectFocus(page: Page, text: string): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.textContent), { timeout: minuteMs / 4 })
    .toBe(text);
}

/**
 * Waits until the dialogs have closed, and then until this has left the page. An open dialog hides from roles all that
 * is behind it: a row would look gone before the server has answered.
 */
export async function expectGone(gone: Locator): Promise<void> {
  const dialogs = gone.page().locator('[role=dialog], [role=alertdialog]');
  await expect.poll(() => dialogs.count(), { timeout: minuteMs / 4 }).toBe(0);
  await gone.waitFor({ state: 'detached' });
}

/** What of axe's rules is about colours. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/**
 * Fails with what axe finds, on the whole page. In the dark theme it looks at the colours only: all else is the page that
 * it sees in the light one.
 */
export async function expectNoAxeFinding(page: Page): Promise<void> {
  await settle(page);
  // There are no frames to look into, and the newer way opens a page for each look.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const { violations } = await (isDark ? axe.withRules(colourRules) : axe).analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`),
  ).toStrictEqual([]);
}

/** Nothing is cut off, neither of the page nor of a dialog over it, and nothing has to be scrolled sideways. */
export async function expectToFit(page: Page): Promise<void> {
  await settle(page);
  const outside = await page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    const found =
      scrollWidth > clientWidth ? [`the page is ${scrollWidth} wide, its window ${clientWidth}`] : [];
    for (const dialog of document.querySelectorAll('[role=dialog], [role=alertdialog]')) {
      const { left, right } = dialog.getBoundingClientRect();
      if (left < 0 || right > clientWidth)
        found.push(`a dialog reaches from ${left} to ${right} of ${clientWidth}`);
      if (dialog.scrollWidth > dialog.clientWidth)
        found.push(`a dialog holds ${dialog.scrollWidth} in ${dialog.clientWidth}`);
    }
    for (const value of document.querySelectorAll('dd')) {
      const isCut =
        value.scrollWidth > value.clientWidth && getComputedStyle(value).textOverflow !== 'ellipsis';
      if (isCut) found.push(`"${value.textContent}" is cut off`);
    }
    return found;
  });
  expect(outside).toStrictEqual([]);
}

/** Waits until what moves in has come to rest: a colour half-way has another contrast. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY)
        .map(({ finished }) => finished.catch(() => null)),
    ),
  );
}
