import type { Hono } from 'hono';
import type { HttpEnv } from '../../../wire/exchange.ts';

/** Whether the process answers at all. It asks nothing of the database: restarting the process would not mend that. */
export function registerHealthz(app: Hono<HttpEnv>): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
}
