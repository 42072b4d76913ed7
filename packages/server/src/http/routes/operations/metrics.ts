import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Hono } from 'hono';
import { DomainError } from '../../../domain/error.ts';
import type { HttpEnv } from '../../../wire/exchange.ts';
import { readAuthorization } from '../../authorization.ts';
import type { HttpDependencies } from '../../dependencies.ts';
import { isLocal } from '../../locality.ts';

/** The metrics, for programs on this machine and for those that have the token. */
export function registerMetrics(app: Hono<HttpEnv>, { metrics, metricsToken }: HttpDependencies): void {
  const { registry } = metrics;
  app.get('/metrics', async (c) => {
    checkAccess(c.env.incoming, metricsToken);
    return new Response(await registry.metrics(), { headers: { 'Content-Type': registry.contentType } });
  });
}

/** @throws unauthenticated without the token, forbidden when there is no token that could open it */
export function checkAccess(incoming: IncomingMessage, metricsToken: string | null): void {
  if (isLocal(incoming)) return;
  if (metricsToken === null) {
    throw new DomainError('forbidden', {
      detail:
        'Metrics are for callers on the same machine only, as long as no KEYWRIGHT_METRICS_TOKEN is set.',
    });
  }
  const token = /^Bearer +(\S+)$/i.exec(readAuthorization(incoming) ?? '')?.[1];
  if (token === undefined || !isSame(token, metricsToken)) {
    throw new DomainError('unauthenticated', {
      detail: 'Send the metrics token: `Authorization: Bearer <token>`.',
    });
  }
}

/** In a time that tells nothing about where the two differ, nor about their lengths. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
