import type { Hono } from 'hono';
import { loadFile, registerAsset } from '../../asset.ts';
import type { HttpEnv } from '../../exchange.ts';

/** What all pages share. */
export function registerPageAssets(app: Hono<HttpEnv>): void {
  registerAsset(app, {
    path: '/style.css',
    type: 'text/css; charset=utf-8',
    load: loadFile('../../pages/style.css', import.meta.url),
  });
  registerAsset(app, {
    path: '/icon.svg',
    type: 'image/svg+xml',
    load: loadFile('../../pages/icon.svg', import.meta.url),
  });
}
