import { describe, expect, test } from 'vitest';
import { type Endpoint, endpoints } from './endpoint.ts';
import { errorCodes, errorTable, problem } from './error.ts';
import { buildOpenApi } from './openapi.ts';
import { serviceKeyScopes } from './scope.ts';

const all = Object.entries<Endpoint>(endpoints);

describe('the endpoints', () => {
  test('are each once, by the name that they have', () => {
    expect(all.map(([, { name }]) => name)).toEqual(all.map(([key]) => key));
    const addresses = all.map(([, { method, path }]) => `${method} ${path}`);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  test.each(all)('%s fits together', (_, endpoint) => {
    const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(inPath).toEqual(Object.keys(endpoint.params));
    expect(endpoint.path).toMatch(/^\/v1(\/[a-z-]+|\/\{\w+\})+$/);
    expect([...serviceKeyScopes, null]).toContain(endpoint.scope);
    for (const code of endpoint.errors) expect(errorCodes).toContain(code);
    expect(new Set(endpoint.errors).size).toBe(endpoint.errors.length);
    if (endpoint.method === 'GET' || endpoint.method === 'DELETE') expect(endpoint.body).toBeUndefined();
    else expect(endpoint.body).toBeDefined();
    if (endpoint.body === undefined) expect(endpoint.bodyOptional).toBeUndefined();
    if (endpoint.query !== undefined) expect(['GET', 'DELETE']).toContain(endpoint.method);
  });

  test('that take power away answer how far it has come', () => {
    const powerful = all.filter(([, { takesPower }]) => takesPower === true);
    expect(powerful.length).toBeGreaterThan(8);
    const propagation = { nodes: 1, acknowledged: 1, elapsedMs: 0 };
    for (const [name, { answer }] of powerful) {
      const missing = answer.safeParse({}).error?.issues.map(({ path }) => path.join('.'));
      expect(missing, name).toContain('propagation');
      const given = answer.safeParse({ propagation }).error?.issues.map(({ path }) => path.join('.'));
      expect(given ?? [], name).not.toContain('propagation');
    }
    for (const [name, { method, takesPower }] of all)
      if (method === 'DELETE') expect(takesPower, name).toBe(true);
  });
});

describe('the errors', () => {
  test.each(errorCodes)('%s has a status, a title and a page', (code) => {
    const { status, title, happened, remedy } = errorTable[code];
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    for (const text of [title, happened, remedy]) expect(text.length).toBeGreaterThan(5);
    expect(title).not.toMatch(/\.$/);
    for (const text of [happened, remedy]) expect(text).toMatch(/[.]$/);
    const answer = {
      type: '/errors/x',
      title,
      status,
      detail: happened,
      instance: '/v1',
      code,
      requestId: 'r',
    };
    expect(problem.parse(answer)).toEqual(answer);
  });

  test('cannot be changed', () => {
    expect(Object.isFrozen(errorTable)).toBe(true);
    expect(Object.isFrozen(errorCodes)).toBe(true);
    expect(errorCodes).toEqual(Object.keys(errorTable));
  });
});

type Json = { [key: string]: unknown };

/** Every object in a document, with where it stands. */
function* objectsOf(value: unknown, path = '#'): Generator<[string, Json]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [path, value as Json];
  for (const [name, item] of Object.entries(value)) yield* objectsOf(item, `${path}/${name}`);
}

describe('the document', () => {
  const document = buildOpenApi('1.2.3');
  const paths = document.paths as Record<string, Record<string, Json>>;

  function resolve(reference: string): unknown {
    let at: unknown = document;
    for (const name of reference.replace(/^#\//, '').split('/')) at = (at as Json | undefined)?.[name];
    return at;
  }

  test('is JSON, and the same every time', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(buildOpenApi('1.2.3')).toEqual(document);
    expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
  });

  test('has every endpoint, and nothing else', () => {
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => [operationId, method.toUpperCase(), path]),
    );
    expect(described.sort()).toEqual(all.map(([name, { method, path }]) => [name, method, path]).sort());
  });

  test('has nothing behind a reference that is not there', () => {
    const references = [...objectsOf(document)].filter(([, value]) => '$ref' in value);
    expect(references.length).toBeGreaterThan(50);
    for (const [path, { $ref }] of references) {
      expect($ref, path).toMatch(/^#\/components\/schemas\/\w+$/);
      expect(resolve(String($ref)), `${path} to ${$ref}`).toBeTypeOf('object');
    }
  });

  test('tells of every list how long it may be, and how long it is unasked', () => {
    const limits = [...objectsOf(document)].filter(
      ([, { in: place, name }]) => place === 'query' && name === 'limit',
    );
    expect(limits.length).toBeGreaterThan(5);
    for (const [path, { schema }] of limits)
      expect(schema, path).toEqual({ type: 'integer', minimum: 1, maximum: 100, default: 20 });
  });

  test('uses every named shape, and none stands for itself', () => {
    const schemas = (document.components as { schemas: Record<string, Json> }).schemas;
    const used = new Set([...objectsOf(document)].map(([, { $ref }]) => $ref));
    for (const [name, schema] of Object.entries(schemas)) {
      expect([...used], name).toContain(`#/components/schemas/${name}`);
      expect(schema.$ref, name).toBeUndefined();
      expect('type' in schema || 'oneOf' in schema || 'anyOf' in schema, name).toBe(true);
    }
  });

  test('takes a session for everything but verifying, and a service key for what is not for people', () => {
    for (const { name, path, method, scope, accountsOnly } of Object.values<Endpoint>(endpoints)) {
      const { security = document.security } = paths[path]?.[method.toLowerCase()] ?? {};
      const [forServiceKeys, forPeople] = [!accountsOnly, scope !== 'verify'];
      expect(security, name).toEqual([
        ...(forServiceKeys ? [{ serviceKey: [] }] : []),
        ...(forPeople ? [{ session: [] }] : []),
      ]);
    }
  });

  test('leaves no part of a body or an answer without a type', () => {
    const untyped = [...objectsOf(document)].filter(([path, value]) => {
      const said = Object.keys(value).filter((name) => name !== 'description');
      return /\/properties\/\w+$/.test(path) && said.length === 0;
    });
    expect(untyped.map(([path]) => path)).toEqual([]);
  });

  test.each(all)('tells of %s what it takes and answers', (_, endpoint) => {
    const operation = paths[endpoint.path]?.[endpoint.method.toLowerCase()] ?? {};
    const parameters = operation.parameters as { name: string; in: string; required: boolean }[];
    expect(
      parameters.filter((one) => one.in === 'path').map(({ name, required }) => [name, required]),
    ).toEqual(Object.keys(endpoint.params).map((name) => [name, true]));
    expect(parameters.filter((one) => one.in === 'query').map(({ name }) => name)).toEqual(
      Object.keys(endpoint.query?.shape ?? {}),
    );
    expect(operation.requestBody === undefined).toBe(endpoint.body === undefined);
    if (endpoint.body !== undefined) {
      expect(operation.requestBody).toMatchObject({ required: endpoint.bodyOptional !== true });
    }
    const responses = operation.responses as Record<string, { description: string; content: Json }>;
    expect(responses[endpoint.status]?.content['application/json']).toBeDefined();
    expect('application/x-ndjson' in (responses[endpoint.status]?.content ?? {})).toBe(
      endpoint.streams === true,
    );
    const ofBodies = ['payload_too_large', 'unsupported_media_type'] as const;
    for (const code of [
      'validation_failed',
      ...(endpoint.method === 'GET' ? [] : ofBodies),
      'unauthenticated',
      'forbidden',
      'internal',
      'unavailable',
      ...endpoint.errors,
    ] as const) {
      expect(responses[errorTable[code].status]?.description).toContain(`\`${code}\``);
    }
  });
});
