import { z } from 'zod';
import { me } from './account.ts';
import { accountRecord } from './account-record.ts';
import { channel } from './channel.ts';
import { type Endpoint, endpoints } from './endpoint.ts';
import { type ErrorCode, errorTable, problem } from './error.ts';
import { instance } from './instance.ts';
import { key } from './key.ts';
import { ledgerExportRow, ledgerRow } from './ledger.ts';
import { invitation, member } from './member.ts';
import { page } from './page.ts';
import { channelPolicy, policy } from './policy.ts';
import { project } from './project.ts';
import { propagation } from './propagation.ts';
import { refusal } from './refusal.ts';
import { serviceKey } from './service-key.ts';
import { usage } from './usage.ts';
import { verifyAnswer } from './verify.ts';

const named = {
  Instance: instance,
  Me: me,
  Account: accountRecord,
  Project: project,
  Policy: policy,
  ChannelPolicy: channelPolicy,
  Channel: channel,
  Key: key,
  ServiceKey: serviceKey,
  Member: member,
  Invitation: invitation,
  LedgerRow: ledgerRow,
  LedgerExportRow: ledgerExportRow,
  Usage: usage,
  Refusal: refusal,
  Page: page,
  Propagation: propagation,
  VerifyAnswer: verifyAnswer,
  Problem: problem,
};

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of the whole API. Its schemas are JSON Schema 2020-12, which zod writes. */
export function buildOpenApi(version: string): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const paths: Record<string, Json> = {};
  for (const endpoint of Object.values<Endpoint>(endpoints)) {
    paths[endpoint.path] = {
      ...paths[endpoint.path],
      [endpoint.method.toLowerCase()]: operation(endpoint, registry),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Keywright',
      version,
      description:
        'Management and verification of API keys. Errors are problem+json (RFC 9457); `type` leads to a page on each.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ serviceKey: [] }, { session: [] }],
    tags: [...new Set(Object.values<Endpoint>(endpoints).map((endpoint) => endpoint.tag))].map((name) => ({
      name,
    })),
    paths,
    components: {
      securitySchemes,
      schemas: Object.fromEntries(
        Object.entries(named).map(([name, schema]) => [name, jsonSchema(schema, 'output', registry, name)]),
      ),
    },
  };
}

const securitySchemes = {
  serviceKey: { type: 'http', scheme: 'bearer', description: 'A service key.' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-keywright_session',
    description:
      'The session of an account, as the console has it (by http the name is `keywright_session`). A request that changes something must also have an `Origin` that is this server’s own.',
  },
};

type Registry = ReturnType<typeof z.registry<{ id: string }>>;

function operation(endpoint: Endpoint, registry: Registry): Json {
  const size =
    endpoint.maxBodyBytes === undefined
      ? ''
      : ` The body may have ${endpoint.maxBodyBytes / 1024 / 1024} MiB.`;
  const waits = endpoint.takesPower ? ' It answers once every node has applied it.' : '';
  const exports = endpoint.streams
    ? ' As `application/x-ndjson` it answers all rows that the filters give, oldest first, and takes neither `limit` nor `cursor`.'
    : '';
  return {
    operationId: endpoint.name,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    description: `${who(endpoint)}${waits}${size}${exports}`,
    ...security(endpoint),
    parameters: parameters(endpoint, registry),
    ...(endpoint.body && {
      requestBody: {
        required: !endpoint.bodyOptional,
        content: { 'application/json': { schema: jsonSchema(endpoint.body, 'input', registry) } },
      },
    }),
    responses: responses(endpoint, registry),
  };
}

function who({ scope, accountsOnly }: Endpoint): string {
  if (accountsOnly) return 'For people who are signed in; no service key may call it.';
  return scope === null ? 'Any service key will do.' : `A service key needs the scope \`${scope}\`.`;
}

/** Where only one kind of caller is let in: a session has no requests to judge, a service key nothing to accept. */
function security({ scope, accountsOnly }: Endpoint): Json {
  if (accountsOnly) return { security: [{ session: [] }] };
  return scope === 'verify' ? { security: [{ serviceKey: [] }] } : {};
}

function parameters(endpoint: Endpoint, registry: Registry): Json[] {
  const inPath = Object.entries(endpoint.params).map(([name, schema]) => ({
    name,
    in: 'path',
    required: true,
    schema: jsonSchema(schema, 'input', registry),
  }));
  const inQuery = Object.entries(endpoint.query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: jsonSchema(schema as z.ZodType, 'input', registry),
  }));
  return [...inPath, ...inQuery, ...(isRepeatable(endpoint) ? [idempotencyKey] : [])];
}

function isRepeatable({ method, readOnly = false }: Endpoint): boolean {
  return method === 'POST' && !readOnly;
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Sent again with the same key and the same body within 24 hours, by the same caller, a request has no second effect and is answered the same. Refusals are not kept.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

function responses(endpoint: Endpoint, registry: Registry): Json {
  const codes = new Set<ErrorCode>([
    // Also where nothing is taken: a parameter that is not known is refused.
    'validation_failed',
    'unauthenticated',
    'forbidden',
    'internal',
    'unavailable',
    ...endpoint.errors,
  ]);
  if (isRepeatable(endpoint)) codes.add('idempotency_conflict').add('idempotency_mismatch');
  if (endpoint.answersSecret) codes.add('idempotency_replayed');
  // What DELETE is sent is looked at too: it must be nothing.
  const isBodyRead = endpoint.body !== undefined || endpoint.method === 'DELETE';
  if (isBodyRead) codes.add('payload_too_large').add('unsupported_media_type');
  if (Object.keys(endpoint.params).length > 0) codes.add('not_found');
  const byStatus = Map.groupBy(codes, (code) => errorTable[code].status);
  const failures = [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, list]) => [status, failure(list)] as const);
  return {
    [endpoint.status]: {
      description: 'Done',
      content: {
        'application/json': { schema: jsonSchema(endpoint.answer, 'output', registry) },
        ...(endpoint.streams && {
          'application/x-ndjson': { schema: { $ref: '#/components/schemas/LedgerExportRow' } },
        }),
      },
    },
    ...Object.fromEntries(failures),
  };
}

function failure(codes: ErrorCode[]): Json {
  return {
    description: codes.map((code) => `\`${code}\`: ${errorTable[code].title}`).join('; '),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

/** A schema as JSON Schema, in which the named shapes are references (but not `self`, which is being defined). */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', registry: Registry, self?: string): Json {
  const {
    $schema: _,
    $defs: __,
    ...body
  } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema: node }) {
      const { type, default: standard } = z.globalRegistry.get(zodSchema as unknown as z.ZodType) ?? {};
      // Of what is read into something else, such as a number in a query, zod leaves the default away.
      if (standard !== undefined) node.default = standard as typeof node.default;
      // It is one of the text that is read.
      if (type === 'integer') delete node.pattern;
      const id = registry.get(zodSchema as unknown as z.ZodType)?.id;
      if (id === undefined || id === self) return;
      for (const property of Object.keys(node)) delete node[property];
      node.$ref = `#/components/schemas/${id}`;
    },
  }) as Json;
  return body;
}
