import type { Hono } from 'hono';
import { loadFile, registerAsset } from '../../asset.ts';
import type { HttpEnv } from '../../exchange.ts';
import { renderHomePage } from '../../pages/home-page.ts';
import { htmlResponse } from '../../pages/page.ts';

/** `/`, and what all pages share. */
export function registerHome(app: Hono<HttpEnv>): void {
  const html = renderHomePage();
  app.get('/', () => htmlResponse(html));
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
