import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import type { Hono } from 'hono';
import type { HttpEnv } from '../../../wire/exchange.ts';
import { registerAsset } from '../../asset.ts';
import { htmlResponse, renderPage } from '../../pages/page.ts';

/**
 * The console runs the scripts and styles of this server and nothing else: nothing written into the page, nothing from
 * elsewhere, and no page of anybody's around it.
 */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The screens that have an address; behind it each of them is the same page, whose script shows the right one. */
const screens = [
  '/',
  '/sign-in',
  '/sign-up',
  '/setup',
  '/invite',
  '/forgot-password',
  '/reset-password',
  '/confirm-email',
  '/apikeys',
  '/apikeys/:keyId',
  '/channels',
  '/channels/:channelId',
  '/usage',
  '/activity',
  '/members',
  '/settings',
  '/projects',
  '/projects/new',
  '/accounts',
  '/account',
];

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};

/** @returns the page, also for an address where there is nothing else and a person looks */
export type ConsolePage = (status?: 200 | 404) => Promise<Response>;

/** The web console, as it was built: its page at every screen's address, and its files, compressed ahead of time. */
export function registerConsole(app: Hono<HttpEnv>): ConsolePage {
  const directory = join(
    dirname(createRequire(import.meta.url).resolve('@keywright/console/package.json')),
    'dist',
  );
  const show = createPage(join(directory, 'index.html'));
  for (const path of screens) app.get(path, () => show());
  for (const { path, file, isHashed } of listFiles(directory)) {
    registerAsset(app, {
      path,
      type: types[extname(file)] ?? 'application/octet-stream',
      isImmutable: isHashed,
      load: () => readFile(file),
      loadCompressed: (encoding) =>
        existsSync(`${file}.${encoding}`) ? readFile(`${file}.${encoding}`) : null,
    });
  }
  return show;
}

/** The page is read when somebody first asks for it: one that was built meanwhile is found. */
function createPage(file: string): ConsolePage {
  let html: string | null = null;
  return async (status = 200) => {
    html ??= await readFile(file, 'utf8').catch(() => null);
    const response = htmlResponse(html ?? notBuilt, html === null ? undefined : contentPolicy);
    // A browser must not keep the page as it was for the way back: what it shows may be of a session that has ended.
    response.headers.set('Cache-Control', 'no-store');
    return status === 200 ? response : new Response(response.body, { status, headers: response.headers });
  };
}

const notBuilt = renderPage({
  title: 'Keywright',
  root: '',
  body: `<h1>Keywright</h1>
<p>The console is not built. <code>npm run build</code> does that; the API works without it: see its
<a href="/docs">reference</a>.</p>`,
});

interface ConsoleFile {
  path: string;
  file: string;
  /** Its name changes with what is in it. */
  isHashed: boolean;
}

function listFiles(directory: string): ConsoleFile[] {
  const list = (folder: string, isHashed: boolean) =>
    (existsSync(join(directory, folder)) ? readdirSync(join(directory, folder)) : [])
      .filter((name) => extname(name) in types)
      .map((name) => ({
        path: `/${join(folder, name)}`,
        file: join(directory, folder, name),
        isHashed,
      }));
  return [...list('assets', true), ...list('', false)];
}
