// How much JavaScript comes before the first screen: counted from what a browser that was never here really loads.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ada, installConsole } from './support/installation.ts';
import { visit } from './support/visitor.ts';

const at = installConsole();

beforeAll(async () => {
  await at.admin.call('updateInstance', { body: { signup: 'open' } });
});
const dist = join(import.meta.dirname, '../dist');
const limit = 170_000;

test.each([
  { screen: '/sign-in', heading: 'Sign in', as: undefined },
  { screen: '/sign-up', heading: 'Create an account', as: undefined },
  { screen: '/apikeys', heading: 'API Keys', as: ada },
])('$screen takes less than 170 kB of it, gzipped', async ({ screen, heading, as }) => {
  const { page, go } = await visit(at.url, as ? { as } : {});
  // What is loaded when the browser is idle comes after the first screen.
  await page.addInitScript(() => {
    window.requestIdleCallback = () => 0;
  });
  const loaded = new Set<string>();
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.endsWith('.js')) loaded.add(pathname);
  });
  await go(screen);
  await page.getByRole('heading', { name: heading, exact: true }).waitFor();
  await page.waitForLoadState('networkidle');
  expect(loaded.size).toBeGreaterThan(2);
  const bytes = [...loaded].map((path) => statSync(join(dist, `${path}.gz`)).size);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(limit);
});

test('what is loaded is compressed ahead of time, kept for good where its name says so, and asked for again elsewhere', async () => {
  const { page, go } = await visit(at.url);
  const answers: { path: string; cache: string; encoding: string }[] = [];
  page.on('response', async (response) => {
    const headers = response.headers();
    answers.push({
      path: new URL(response.url()).pathname,
      cache: headers['cache-control'] ?? '',
      encoding: headers['content-encoding'] ?? '',
    });
  });
  await go('/sign-in');
  await page.waitForLoadState('networkidle');
  const hashed = answers.filter(({ path }) => path.startsWith('/assets/'));
  expect(hashed.length).toBeGreaterThan(2);
  for (const { path, cache, encoding } of hashed) {
    expect(cache, path).toBe('public, max-age=31536000, immutable');
    if (existsSync(join(dist, `${path}.br`))) expect(encoding, path).toMatch(/^(br|gzip)$/);
  }
  expect(answers.find(({ path }) => path === '/sign-in')?.cache).toBe('no-store');
  expect(answers.find(({ path }) => path === '/theme.js')?.cache).toBe('no-cache');
});

test('the page runs nothing that is written into it, and nobody may put it into a frame', async () => {
  const response = await fetch(`${at.url}/apikeys`);
  const policy = response.headers.get('content-security-policy')?.split('; ');
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("style-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(response.headers.get('x-frame-options')).toBe('DENY');
  const html = await response.text();
  expect(html.match(/<script(?![^>]* src=)[^>]*>/g)).toBeNull();
  expect(html).not.toMatch(/<style| style=| on\w+=/);
});
