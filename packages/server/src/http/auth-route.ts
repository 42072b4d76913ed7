import type { Context as HonoContext } from 'hono';
import type { z } from 'zod';
import type { AccountServices } from '../accounts/account-services.ts';
import { requireSession } from '../accounts/authenticate-session.ts';
import type { Session, Visit } from '../accounts/identity.ts';
import { DomainError } from '../domain/error.ts';
import type { HttpEnv } from '../wire/exchange.ts';
import { visitOf } from './authenticate-request.ts';
import { readBody } from './body.ts';
import type { HttpDependencies } from './dependencies.ts';
import { parseJsonBody } from './json-body.ts';
import { validateQuery } from './query.ts';
import { requireSameOrigin } from './same-origin.ts';
import { validate } from './validate.ts';

/** A route for signing in and for one's own account: for browsers, and no part of the contract of the API. */
export interface AuthRoute {
  method: 'GET' | 'POST';
  path: string;
  handle(c: HonoContext<HttpEnv>, dependencies: HttpDependencies): Promise<Response>;
}

interface Definition<Body extends z.ZodType, Answer extends z.ZodType> {
  method: 'GET' | 'POST';
  /** After `/api/auth`. */
  path: string;
  body?: Body;
  answer: Answer;
}

interface AuthInput<Body extends z.ZodType> {
  services: AccountServices;
  visit: Visit;
  body: z.output<Body>;
  /** @throws unauthenticated without one */
  session(): Promise<Session>;
}

/** What a handler answers, and the values of `Set-Cookie` with it. */
interface AuthAnswer<Answer extends z.ZodType> {
  answer: z.input<Answer>;
  cookies?: string[];
}

export function authRoute<Body extends z.ZodType, Answer extends z.ZodType>(
  { method, path, body: bodySchema, answer: answerSchema }: Definition<Body, Answer>,
  handler: (input: AuthInput<Body>) => Promise<AuthAnswer<Answer>>,
): AuthRoute {
  return {
    method,
    path: `/api/auth${path}`,
    async handle(c, { accounts, access }) {
      const { incoming, search } = c.env;
      requireSameOrigin(incoming, access);
      validateQuery(undefined, search);
      const visit = visitOf(incoming, access);
      const body = await readAuthBody(bodySchema, c);
      const { answer, cookies = [] } = await handler({
        services: accounts,
        visit,
        body: body as z.output<Body>,
        session: () => requireSession(accounts, visit),
      });
      return respond(answerSchema, answer, cookies);
    },
  };
}

async function readAuthBody(schema: z.ZodType | undefined, { env: { incoming } }: HonoContext<HttpEnv>) {
  if (schema === undefined) return undefined;
  const body = await readBody(incoming);
  return validate(schema, parseJsonBody({ headers: incoming.headers, body, optional: false }), 'body');
}

function respond(schema: z.ZodType, answer: unknown, cookies: string[]): Response {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new DomainError('internal', { cause: parsed.error });
  const headers = new Headers({ 'Content-Type': 'application/json' });
  for (const cookie of cookies) headers.append('Set-Cookie', cookie);
  return new Response(JSON.stringify(parsed.data), { headers });
}
