import type { Endpoint, endpoints } from '@keywright/contract';
import type { z } from 'zod';
import { type SendOptions, send } from './send.ts';

type Endpoints = typeof endpoints;
type ByRoute = { [Name in keyof Endpoints as RouteOf<Endpoints[Name]>]: Endpoints[Name] };
type RouteOf<E extends Endpoint> = `${E['method']} ${E['path']}`;

/** A route of the contract as it is written there: `GET /v1/keys/{keyId}`. Types only: no schema is loaded for it. */
export type Route = keyof ByRoute;
export type Answer<R extends Route> = z.output<ByRoute[R]['answer']>;

type Params<E extends Endpoint> = keyof E['params'] extends never
  ? { params?: never }
  : { params: { [Name in keyof E['params']]: string } };
type Query<E extends Endpoint> = E extends { query: infer Q extends z.ZodType }
  ? { query?: Loose<z.input<Q>> }
  : { query?: never };
type Body<E extends Endpoint> = E extends { body: infer B extends z.ZodType }
  ? E extends { bodyOptional: true }
    ? { body?: z.input<B> }
    : { body: z.input<B> }
  : { body?: never };
/** What is left empty is not sent. */
type Loose<Q> = { [Name in keyof Q]?: Q[Name] | number | undefined };

export type Input<R extends Route> = Params<ByRoute[R]> &
  Query<ByRoute[R]> &
  Body<ByRoute[R]> & { signal?: AbortSignal; headers?: Record<string, string> };

/**
 * Calls a route of the API.
 * @throws ApiError, UnreachableError
 */
export async function api<R extends Route>(route: R, input: Input<R>): Promise<Answer<R>> {
  const { params, ...options } = input as SendOptions & { params?: Record<string, string> };
  const [method = '', pattern = ''] = route.split(' ');
  const path = pattern.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params?.[name] ?? ''));
  return (await send(method, path, options)) as Answer<R>;
}
