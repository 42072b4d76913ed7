import type { Hono } from 'hono';
import type { HttpEnv } from '../../../wire/exchange.ts';
import type { HttpDependencies } from '../../dependencies.ts';

/** Whether the server can do its work, with what speaks for and against it. */
export function registerReadyz(app: Hono<HttpEnv>, { checkReadiness }: HttpDependencies): void {
  app.get('/readyz', async (c) => {
    const { ready, checks } = await checkReadiness();
    return c.json({ ready, checks }, ready ? 200 : 503);
  });
}
