import { type Endpoint, type EndpointName, endpoints, type Problem, problem } from '@keywright/contract';
import { expect } from 'vitest';
import type { z } from 'zod';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body, when it is JSON of some kind. */
  json: unknown;
}

interface RequestOptions {
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  raw?: string | Uint8Array<ArrayBuffer> | ReadableStream;
  /** Win over the client's own; an empty value takes one away. */
  headers?: Record<string, string>;
  /** After which an answer is no longer waited for. */
  timeoutMs?: number;
}

type Endpoints = typeof endpoints;

/** What the contract lets a caller send to an endpoint. */
export type BodyOf<Name extends EndpointName> = Endpoints[Name] extends {
  body: infer Schema extends z.ZodType;
}
  ? z.input<Schema>
  : never;

/** What an endpoint answers. */
export type AnswerOf<Name extends EndpointName> = z.output<Endpoints[Name]['answer']>;

export interface CallOptions<Body> {
  params?: Record<string, string>;
  query?: Record<string, string | number>;
  headers?: Record<string, string>;
  body?: Body;
}

export interface Client {
  url: string;
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  /** Sends a request to an endpoint of the contract, whatever it answers. */
  send(name: EndpointName, options?: CallOptions<unknown>): Promise<Answer>;
  /** Calls an endpoint, which must succeed with exactly the shape that the contract declares. */
  call<Name extends EndpointName>(name: Name, options?: CallOptions<BodyOf<Name>>): Promise<AnswerOf<Name>>;
  /** Calls an endpoint, which must refuse: answers the problem. */
  refuse(name: EndpointName, options?: CallOptions<unknown>): Promise<Problem>;
}

/**
 * Speaks to a running service with a service key.
 * @param key null: without a credential
 * @param common headers of every request
 */
export function client(url: string, key: string | null, common: Record<string, string> = {}): Client {
  const request: Client['request'] = async (method, path, options = {}) => {
    const { body, raw, headers = {}, timeoutMs = 20_000 } = options;
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const all = {
      ...common,
      ...(key !== null && { Authorization: `Bearer ${key}` }),
      ...(payload !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    };
    // `duplex` is not in every list of what fetch takes.
    const init: RequestInit & { duplex: 'half' } = {
      method,
      headers: Object.entries(all).filter(([, value]) => value !== ''),
      // A type that fetch would give to a string by itself is a type that the test did not ask for.
      body: typeof payload === 'string' ? new TextEncoder().encode(payload) : (payload ?? null),
      redirect: 'manual',
      duplex: 'half',
      signal: AbortSignal.timeout(timeoutMs),
    };
    const response = await fetch(url + path, init);
    const text = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('Content-Type') ?? '') && text !== '';
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson && !isNdjson(response) ? JSON.parse(text) : undefined,
    };
  };
  const send: Client['send'] = (name, { params, query, headers = {}, body } = {}) => {
    const { method, path } = endpoints[name];
    return request(method, address(path, params, query), { headers, ...(body !== undefined && { body }) });
  };
  return {
    url,
    request,
    send,
    async call(name, options) {
      return readSuccess(endpoints[name], await send(name, options)) as AnswerOf<typeof name>;
    },
    async refuse(name, options) {
      return readProblem(await send(name, options));
    },
  };
}

function isNdjson(response: Response): boolean {
  return response.headers.get('Content-Type') === 'application/x-ndjson';
}

/** The path of an endpoint with its parameters and query in place. */
export function address(
  path: string,
  params: Record<string, string> = {},
  query: Record<string, string | number> = {},
): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? `{${name}}`),
  );
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return search.size === 0 ? filled : `${filled}?${search}`;
}

/** The answer of a success, which must have the declared status and shape, and not one field more. */
function readSuccess(endpoint: Endpoint, { status, json, text }: Answer): unknown {
  expect(status, `${endpoint.name}: ${text.slice(0, 500)}`).toBe(endpoint.status);
  const parsed = endpoint.answer.parse(json);
  // Parsing drops what is not declared, so that anything undeclared makes the two differ.
  expect(json, `${endpoint.name} answers an undeclared field`).toStrictEqual(parsed);
  return parsed;
}

/** The problem of a refusal, whose parts must agree with each other and with the response. */
export function readProblem({ status, headers, json, text }: Answer): Problem {
  expect(status, text.slice(0, 500)).toBeGreaterThanOrEqual(400);
  expect(headers.get('Content-Type')).toBe('application/problem+json');
  const parsed = problem.parse(json);
  expect(json).toStrictEqual(parsed);
  expect(parsed.status).toBe(status);
  expect(headers.get('X-Request-Id')).toBe(parsed.requestId);
  return parsed;
}
