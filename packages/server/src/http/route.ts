import type { IncomingMessage } from 'node:http';
import { type Endpoint, noBody } from '@keywright/contract';
import type { Hono, Context as HonoContext } from 'hono';
import type { z } from 'zod';
import type { Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { DomainError, notFound } from '../domain/error.ts';
import type { RepeatableRequest } from '../idempotency/idempotency-store.ts';
import { makeRepeatable } from '../idempotency/make-repeatable.ts';
import type { HttpEnv } from '../wire/exchange.ts';
import { authenticateRequest } from './authenticate-request.ts';
import { readBody } from './body.ts';
import type { HttpDependencies } from './dependencies.ts';
import { identifyRequest, readIdempotencyKey } from './idempotency-key.ts';
import { parseJsonBody } from './json-body.ts';
import { keepSecretsOut } from './keep-secrets-out.ts';
import { validateQuery } from './query.ts';
import { validate } from './validate.ts';
import { validateLong } from './validate-long.ts';

/** One endpoint of the contract, ready to be registered. */
export interface Route {
  endpoint: Endpoint;
  register(app: Hono<HttpEnv>, dependencies: HttpDependencies): void;
}

/** A request that has been read: who asks, and what, in the types of the contract. */
interface Input<E extends Endpoint> {
  context: Context;
  caller: Caller;
  requestId: string;
  params: Readonly<Record<keyof E['params'], string>>;
  query: E extends { query: infer Schema extends z.ZodType } ? z.output<Schema> : unknown;
  body: E extends { body: infer Schema extends z.ZodType } ? z.output<Schema> : unknown;
}

/** Refuses who may not do this at all before a body is read, for routes that take large ones. */
type Permit<E extends Endpoint> = (input: Pick<Input<E>, 'caller' | 'params'>) => void;

type Handler<E extends Endpoint> = (input: Input<E>) => Promise<z.input<E['answer']>>;

/** An endpoint that answers JSON: reads the request, calls the handler, and lets its answer out through the schema. */
export function route<const E extends Endpoint>(endpoint: E, handler: Handler<E>, permit?: Permit<E>): Route {
  return rawRoute(endpoint, async (input) => answerJson(endpoint, await handler(input)), permit);
}

type RawHandler<E extends Endpoint> = (
  input: Input<E>,
  c: HonoContext<HttpEnv>,
  dependencies: HttpDependencies,
) => Promise<Response>;

/** An endpoint that builds its response itself; what it reads is checked as everywhere. */
export function rawRoute<const E extends Endpoint>(
  endpoint: E,
  handler: RawHandler<E>,
  permit: Permit<E> = () => {},
): Route {
  return {
    endpoint,
    register(app, dependencies) {
      app.on(endpoint.method, honoPath(endpoint.path), async (c) => {
        const { input, repeatable } = await readInput(endpoint, c, dependencies, permit);
        if (repeatable === null) return handler(input, c, dependencies);
        const { answersSecret = false } = endpoint;
        const context = makeRepeatable(input.context, { ...repeatable, answersSecret });
        return dependencies.running.run(repeatable, () => handler({ ...input, context }, c, dependencies));
      });
    },
  };
}

/** The answer as the contract declares it, so that a field that is not declared cannot get out. */
export function answerJson<E extends Endpoint>(endpoint: E, answer: z.input<E['answer']>): Response {
  const parsed = endpoint.answer.safeParse(answer);
  if (!parsed.success) {
    const cause = new Error(`the answer of ${endpoint.name} does not fit its schema`, {
      cause: parsed.error,
    });
    throw new DomainError('internal', { cause });
  }
  return new Response(JSON.stringify(parsed.data), {
    status: endpoint.status,
    headers: { 'Content-Type': 'application/json' },
  });
}

/** `/v1/keys/{keyId}` as Hono writes it: `/v1/keys/:keyId`. */
export function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

const noBytes = Buffer.alloc(0);

/**
 * What a route takes as its body; null: whatever comes is not looked at. What DELETE is sent could only be meant for
 * something else, such as the query: to delete all the same would do more than was asked for.
 */
function bodyOf({ method, body, bodyOptional = false }: Endpoint) {
  if (body !== undefined) return { schema: body, optional: bodyOptional };
  return method === 'DELETE' ? { schema: noBody, optional: true } : null;
}

/** Reads a request in the order in which its faults are told: who asks comes before what it asks for. */
async function readInput<E extends Endpoint>(
  endpoint: E,
  c: HonoContext<HttpEnv>,
  dependencies: HttpDependencies,
  permit: Permit<E>,
): Promise<{ input: Input<E>; repeatable: RepeatableRequest | null }> {
  const { incoming, requestId, search } = c.env;
  const asking = await authenticateRequest(dependencies, incoming);
  const params = readParams(endpoint, c);
  permit({ caller: asking, params: params as Input<E>['params'] });
  const key = readIdempotencyKey(endpoint, c.env);
  const query = validateQuery(endpoint.query, search);
  const bytes = bodyOf(endpoint) === null ? noBytes : await readBody(incoming, endpoint.maxBodyBytes);
  // Who holds a body back until the service key or session is dead is nobody by then.
  const caller = bytes.length === 0 ? asking : await authenticateRequest(dependencies, incoming);
  const body = await readEndpointBody(endpoint, incoming, bytes);
  const { context } = dependencies;
  return {
    input: { context, caller, requestId, params, query, body } as Input<E>,
    repeatable: key === null ? null : identifyRequest(key, { caller, exchange: c.env, body: bytes }),
  };
}

/** @throws not_found for what is no id: nothing has such an address */
function readParams(endpoint: Endpoint, c: HonoContext<HttpEnv>): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, schema] of Object.entries(endpoint.params)) {
    const parsed = schema.safeParse(c.req.param(name));
    if (!parsed.success) throw notFound(nounOf(name));
    params[name] = parsed.data;
  }
  return params;
}

/** `serviceKeyId` names a service key. */
function nounOf(param: string): string {
  return param.replace(/Id$/, '').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

async function readEndpointBody(endpoint: Endpoint, { headers }: IncomingMessage, body: Buffer) {
  const taken = bodyOf(endpoint);
  if (taken === null) return undefined;
  const { schema, optional } = taken;
  const { longList, takesSecrets = false } = endpoint;
  const value = parseJsonBody({ headers, body, optional });
  const read = await (longList === undefined
    ? validate(schema, value, 'body')
    : validateLong(schema, value, longList));
  return takesSecrets ? read : keepSecretsOut(read);
}
