import type { Hono } from 'hono';
import type { HttpEnv } from '../../../wire/exchange.ts';
import { loadFile, registerAsset } from '../../asset.ts';

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
