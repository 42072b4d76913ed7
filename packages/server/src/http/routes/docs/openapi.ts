import { buildOpenApi } from '@keywright/contract';
import type { Hono } from 'hono';
import type { HttpEnv } from '../../../wire/exchange.ts';
import { registerAsset } from '../../asset.ts';
import type { HttpDependencies } from '../../dependencies.ts';

/** The API's own description, for whoever asks: it holds nothing that the source does not. */
export function registerOpenApi(app: Hono<HttpEnv>, { version }: HttpDependencies): void {
  registerAsset(app, {
    path: '/v1/openapi.json',
    type: 'application/json',
    load: () => Buffer.from(JSON.stringify(buildOpenApi(version))),
  });
}
