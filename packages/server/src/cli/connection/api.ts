import { commandEndpoints, endpoints, type Problem, problem } from '@keywright/contract';
import type { z } from 'zod';
import type { Secret } from '../../keys/secret-format.ts';
import { UsageError } from '../usage-error.ts';

const callable = { ...endpoints, ...commandEndpoints };
type Endpoints = typeof callable;
type EndpointName = keyof Endpoints;

/** What the contract lets a caller send to an endpoint. */
export type BodyOf<Name extends EndpointName> = Endpoints[Name] extends {
  body: infer Schema extends z.ZodType;
}
  ? z.input<Schema>
  : undefined;

/** What an endpoint answers. */
export type AnswerOf<Name extends EndpointName> = z.output<Endpoints[Name]['answer']>;

interface CallOptions<Name extends EndpointName> {
  params?: Record<string, string>;
  /** What is undefined is left out. */
  query?: Record<string, string | number | undefined>;
  headers?: Record<string, string>;
  body?: BodyOf<Name>;
  /** How long the answer may take. */
  timeoutMs?: number;
}

/** A server, as commands speak to it: by the contract, and in no other way. */
export interface Api {
  url: string;
  /**
   * @throws RefusedError for what the server refuses, UnreachableError when it gives no answer
   */
  call<Name extends EndpointName>(name: Name, options?: CallOptions<Name>): Promise<AnswerOf<Name>>;
}

/** The server understood, and said no. */
export class RefusedError extends Error {
  readonly problem: Problem;

  constructor(refusal: Problem) {
    super(refusal.detail);
    this.name = 'RefusedError';
    this.problem = refusal;
  }

  /** For a person: what and why, each field, and by which name to find it in the server's log. */
  get sentences(): string[] {
    const { title, detail, errors = [], code, requestId } = this.problem;
    const [first] = errors;
    const head = `${title} (${code}):`;
    const last = `Request id: ${requestId}`;
    // The detail tells the first fault, and that there are more.
    const tellsFirst = first !== undefined && detail.includes(first.message);
    if (errors.length === 0 || (errors.length === 1 && tellsFirst)) return [`${head} ${detail}`, last];
    const fields = errors.map(({ path, message }) => `  ${path === '' ? 'the request' : path}: ${message}`);
    return [tellsFirst ? head : `${head} ${detail}`, ...fields, last];
  }
}

/** No answer, or none that a Keywright would give. */
export class UnreachableError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'UnreachableError';
  }

  /** Whether somebody may be there who did not answer in time. */
  get isTimeout(): boolean {
    return this.cause instanceof Error && this.cause.name === 'TimeoutError';
  }
}

/** Longer than a change may wait until a node that is cut off can do no more harm. */
const patienceMs = 60_000;

/** @param token a service key, or the token of the control file */
export function createApi(url: string, token: Secret): Api {
  return {
    url,
    async call(name, { params = {}, query = {}, headers = {}, body, timeoutMs = patienceMs } = {}) {
      const { method, path, answer } = callable[name];
      const response = await send(url, fillIn(path, params) + search(query), {
        method,
        headers: {
          ...headers,
          Authorization: `Bearer ${token.reveal()}`,
          // A connection that is kept would hold up the stop of a server that runs for this command only.
          Connection: 'close',
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const parsed = answer.safeParse(response);
      if (parsed.success) return parsed.data as AnswerOf<typeof name>;
      throw new UnreachableError(
        `What ${url} answered is not understood. Is it a Keywright of another version?`,
      );
    },
  };
}

async function send(url: string, path: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url + path, { ...init, redirect: 'manual' });
    text = await response.text();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new UnreachableError(`${url} gives no answer`, cause);
  }
  const json = parseJson(text);
  if (response.ok) return json;
  const refusal = problem.safeParse(json);
  if (refusal.success) throw new RefusedError(refusal.data);
  throw new UnreachableError(`${url} answers ${response.status}, and not as a Keywright does.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fillIn(path: string, params: Record<string, string>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name] ?? '';
    // It would lead to another address. The first is that of a variable which is not set.
    if (['', '.', '..'].includes(value)) throw new UsageError(`"${value}" is no id.`);
    return encodeURIComponent(value);
  });
}

function search(query: Record<string, string | number | undefined>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))}`;
}
