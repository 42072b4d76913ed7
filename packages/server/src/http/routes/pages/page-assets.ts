import type { Hono } from 'hono';
import type { HttpEnv } from '../../../wire/exchange.ts';
import { loadAsset, registerAsset } from '../../asset.ts';

/** What all pages share. */
export function registerPageAssets(app: Hono<HttpEnv>): void {
  registerAsset(app, {
    path: '/style.css',
    type: 'text/css; charset=utf-8',
    load: loadAsset('style.css'),
  });
  registerAsset(app, {
    path: '/icon.svg',
    type: 'image/svg+xml',
    load: loadAsset('icon.svg'),
  });
}
