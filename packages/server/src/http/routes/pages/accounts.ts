import type { Hono } from 'hono';
import { loadFile, registerAsset } from '../../asset.ts';
import type { HttpEnv } from '../../exchange.ts';
import { renderInvitePage, renderSetupPage } from '../../pages/account-pages.ts';
import { htmlResponse } from '../../pages/page.ts';

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `/setup` and `/invite`: where the links lead that are given out. */
export function registerAccountPages(app: Hono<HttpEnv>): void {
  const [setup, invite] = [renderSetupPage(), renderInvitePage()];
  app.get('/setup', () => htmlResponse(setup, policy));
  app.get('/invite', () => htmlResponse(invite, policy));
  registerAsset(app, {
    path: '/account-form.js',
    type: 'text/javascript; charset=utf-8',
    load: loadFile('../../pages/account-form.js', import.meta.url),
  });
}
