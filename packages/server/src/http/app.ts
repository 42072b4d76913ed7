import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { endpoints } from '@keywright/contract';
import { Hono } from 'hono';
import { matchedRoutes } from 'hono/route';
import { DomainError } from '../domain/error.ts';
import { type Exchange, type HttpEnv, settleConnection } from '../wire/exchange.ts';
import type { SendProblem } from '../wire/send-problem.ts';
import { registerAuthRoutes } from './auth-routes.ts';
import type { HttpDependencies } from './dependencies.ts';
import type { Route } from './route.ts';
import { registerDocs } from './routes/docs/docs.ts';
import { registerOpenApi } from './routes/docs/openapi.ts';
import { registerHealthz } from './routes/operations/healthz.ts';
import { registerMetrics } from './routes/operations/metrics.ts';
import { registerReadyz } from './routes/operations/readyz.ts';
import { registerConsole } from './routes/pages/console.ts';
import { registerPageAssets } from './routes/pages/page-assets.ts';
import { registerProblemPages } from './routes/pages/problems.ts';
import { commandRoutes, routes } from './routes.ts';

/** Everything but `POST /v1/verify`, which does without a framework. */
export function createApp(dependencies: HttpDependencies, sendProblem: SendProblem): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>({ getPath: (_request, options) => options?.env?.path ?? '' });
  app.use(async (c, next) => {
    c.env.route = matchedRoutes(c).find(({ path }) => path !== '/*')?.path ?? null;
    await next();
    settleConnection(c.env);
  });
  // Whole addresses before patterns, and closed to other methods: /v1/keys/identify is no id for /v1/keys/{keyId}.
  const [patterns, addresses] = [routes.filter(hasParams), routes.filter((route) => !hasParams(route))];
  for (const { register } of addresses) register(app, dependencies);
  refuseOtherMethods(app);
  for (const { register } of patterns) register(app, dependencies);
  // Its requests never come here; but for this, those of other methods would be told that there is no such address.
  app.on(endpoints.verify.method, endpoints.verify.path, () =>
    Promise.reject(new Error('the listener serves this itself')),
  );
  for (const register of [registerHealthz, registerReadyz, registerMetrics]) register(app, dependencies);
  registerAuthRoutes(app, dependencies);
  for (const { register } of commandRoutes) register(app, dependencies);
  for (const register of [registerDocs, registerPageAssets, registerProblemPages]) register(app);
  const showConsole = registerConsole(app);
  registerOpenApi(app, dependencies);
  refuseOtherMethods(app);
  app.notFound((c) => {
    if (isPersonLooking(c.env)) return showConsole(404);
    throw new DomainError('not_found', { detail: 'There is nothing at this address.' });
  });
  app.onError((error, c) => {
    sendProblem(c.env, error);
    return RESPONSE_ALREADY_SENT;
  });
  return app;
}

/** A browser that follows a link, rather than a program. */
function isPersonLooking({ incoming: { method, headers } }: Exchange): boolean {
  return method === 'GET' && (headers.accept ?? '').includes('text/html');
}

function hasParams({ endpoint }: Route): boolean {
  return endpoint.path.includes('{');
}

/** Lets a path that exists say which methods it takes. Call it last: it stands behind the routes that do match. */
function refuseOtherMethods(app: Hono<HttpEnv>): void {
  const methodsByPath = Map.groupBy(
    app.routes.filter(({ path }) => path !== '/*'),
    ({ path }) => path,
  );
  for (const [path, routes] of methodsByPath) {
    if (routes.some(({ method }) => method === 'ALL')) continue;
    const methods = routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    const headers = { Allow: methods.join(', ') };
    app.all(path, () => {
      throw new DomainError('method_not_allowed', {
        detail: `This address takes ${headers.Allow}.`,
        headers,
      });
    });
  }
}
