import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { identityHeaderNames } from '../../src/gateway/identity-headers.ts';
import { client } from '../support/client.ts';
import { head, sendRaw } from '../support/raw-connection.ts';
import { startService } from '../support/running-service.ts';

/** What a client sends, as the proxies below have it before them. */
interface Original {
  method: string;
  /** Path and query. */
  target: string;
  headers: string[];
}

/**
 * How these proxies ask by the documentation of each, when they are set up as in docs/gateways: which of the client's
 * headers they show, and what they say themselves.
 */
const dialects: Record<string, (original: Original) => string> = {
  // "ForwardAuth": GET, the listed headers of the client, and X-Forwarded-* as Traefik itself sees the request.
  Traefik: ({ method, target, headers }) =>
    head(
      'GET /forward-auth/orders HTTP/1.1',
      'Host: 127.0.0.1:8787',
      'User-Agent: Go-http-client/1.1',
      ...headers.filter(isShown),
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-Host: api.example',
      `X-Forwarded-Method: ${method}`,
      'X-Forwarded-Port: 8080',
      'X-Forwarded-Proto: http',
      'X-Forwarded-Server: gateway',
      `X-Forwarded-Uri: ${target}`,
      'Accept-Encoding: gzip',
    ),
  // "forward-auth": GET by lua-resty-http, with `request_headers` of the client.
  APISIX: ({ method, target, headers }) =>
    head(
      'GET /forward-auth/orders HTTP/1.1',
      'User-Agent: lua-resty-http/0.17.1 (Lua) ngx_lua/10025',
      'Host: 127.0.0.1:8787',
      'X-Forwarded-Proto: http',
      `X-Forwarded-Method: ${method}`,
      'X-Forwarded-Host: api.example',
      `X-Forwarded-Uri: ${target}`,
      'X-Forwarded-For: 127.0.0.1',
      ...headers.filter(isShown),
    ),
  // "ext_authz", HTTP service: method and path of the original behind `path_prefix`, without a body. Envoy adds the
  // connection's own address to what the client sent in X-Forwarded-For.
  Envoy: ({ method, target, headers }) =>
    head(
      `${method} /ext-authz/orders${target} HTTP/1.1`,
      'host: api.example',
      'content-length: 0',
      ...headers.filter(isShown).map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase())),
      'x-forwarded-for: 127.0.0.5, 127.0.0.1',
      'x-envoy-internal: true',
      'x-envoy-expected-rq-timeout-ms: 5000',
    ),
  // The location that the controller writes for `auth-url` with `auth-method`: all of the client's headers, and its own.
  'ingress-nginx': ({ method, target, headers }) =>
    head(
      'GET /auth-request/orders HTTP/1.1',
      'X-Request-ID: 0f3c2b1a',
      `X-Original-URI: ${target}`,
      'X-Scheme: http',
      'Host: 127.0.0.1:8787',
      `X-Original-URL: http://api.example${target}`,
      `X-Original-Method: ${method}`,
      'X-Sent-From: nginx-ingress-controller',
      'X-Real-IP: 127.0.0.1',
      'X-Forwarded-For: 127.0.0.1',
      `X-Auth-Request-Redirect: ${target}`,
      ...headers,
    ),
};

const shown = [
  'authorization',
  'x-api-key',
  'x-key-id',
  'x-key-secret',
  'origin',
  'access-control-request-method',
];

function isShown(line: string): boolean {
  return shown.includes(line.slice(0, line.indexOf(':')).toLowerCase());
}

const files: Record<string, string> = {
  Traefik: 'traefik.yaml',
  APISIX: 'apisix.yaml',
  Envoy: 'envoy.yaml',
  'ingress-nginx': 'ingress-nginx.yaml',
};
const folder = join(import.meta.dirname, '../../../../docs/gateways');

const scopeRules = [
  { method: 'GET', path: '/public/*', scopes: [] },
  { method: '*', path: '/*', scopes: ['private'] },
];

let url: string;
let createKey: (body?: object) => Promise<{ id: string; projectId: string; secret: string }>;

beforeAll(async () => {
  const service = await startService({ env: { KEYWRIGHT_TRUSTED_PROXIES: undefined } });
  url = service.url;
  const admin = client(url, service.bootstrapKey);
  const { id: projectId } = await admin.call('createProject', { body: { name: 'Orders' } });
  const body = { slug: 'orders', name: 'Orders', gateway: { scopeRules } };
  await admin.call('createChannel', { params: { projectId }, body });
  createKey = async (given = {}) => {
    const { key, secret } = await admin.call('createKey', { params: { projectId }, body: given });
    return { id: key.id, projectId, secret };
  };
});

describe.each(Object.keys(dialects))('%s', (name) => {
  const ask = async (original: Partial<Original>) => {
    const bytes =
      dialects[name]?.({ method: 'GET', target: '/public/things', headers: [], ...original }) ?? '';
    const { responses } = await sendRaw(url, bytes);
    expect(responses).toHaveLength(1);
    const [{ status: told, headers, body }] = responses as [(typeof responses)[number]];
    // By nginx's way: the status that the recipe makes of it again.
    const status = Number(headers.get('x-keywright-status') ?? told);
    return { status, headers, body, code: headers.get('x-keywright-code') ?? null };
  };

  test('is set up to show what Keywright goes by, to take the key away, and to set who asks', () => {
    const text = readFileSync(join(folder, files[name] ?? ''), 'utf8').toLowerCase();
    const count = (word: string) => text.split(new RegExp(`(?<![a-z-])${word}(?![a-z-])`)).length - 1;
    // Once to show it, where it is not shown by itself, once to take it away.
    const times = name === 'ingress-nginx' ? 1 : 2;
    for (const header of shown.slice(0, 4)) expect(count(header), header).toBeGreaterThanOrEqual(times);
    for (const header of times === 1 ? [] : shown) expect(count(header), header).toBeGreaterThanOrEqual(1);
    if (text.includes('^x[^a-z0-9]keywright')) return;
    for (const header of identityHeaderNames) expect(text).toContain(header.toLowerCase());
  });

  test('is told who may pass', async () => {
    const { id, projectId, secret } = await createKey({ ownerId: 'customer-42', scopes: ['private'] });
    const headers = [`Authorization: Bearer ${secret}`];
    const answer = await ask({ method: 'POST', target: '/things?page=2', headers });
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(
      Object.fromEntries([...answer.headers].filter(([header]) => header.startsWith('x-keywright'))),
    ).toEqual({
      'x-keywright-key-id': id,
      'x-keywright-owner-id': 'customer-42',
      'x-keywright-project-id': projectId,
      'x-keywright-channel': 'orders',
      'x-keywright-scopes': 'private',
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('is told who may not, in the status that the client is to get', async () => {
    expect(await ask({})).toMatchObject({ status: 401, code: 'malformed' });
    const { secret } = await createKey({ ipAllow: ['127.0.0.1'] });
    const headers = [`X-API-Key: ${secret}`];
    expect(await ask({ headers })).toMatchObject({ status: 200 });
    expect(await ask({ target: '/things', headers })).toMatchObject({
      status: 403,
      code: 'insufficient_scope',
    });
    expect(await ask({ method: 'POST', headers })).toMatchObject({ status: 403, code: 'insufficient_scope' });
    expect(await ask({ target: '/public/../things', headers })).toMatchObject({
      status: 400,
      code: 'bad_request',
    });
    expect(await ask({ target: `/public/x?key=${secret}`, headers })).toMatchObject({ status: 401 });
    expect(await ask({ headers: [...headers, ...headers] })).toMatchObject({ status: 401 });
    const elsewhere = await createKey({ ipAllow: ['127.0.0.5'] });
    const bound = [`X-API-Key: ${elsewhere.secret}`];
    expect(await ask({ headers: bound })).toMatchObject({ status: 403, code: 'ip_denied' });
    const { secret: limited } = await createKey({
      rateLimits: [{ name: 'burst', limit: 1, windowSeconds: 60 }],
    });
    const once = [`X-API-Key: ${limited}`];
    expect(await ask({ headers: once })).toMatchObject({ status: 200 });
    const last = await ask({ headers: once });
    expect(last).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('changes nothing by what a client forged, even where all of its headers are shown', async () => {
    const { id, secret } = await createKey({ ipAllow: ['127.0.0.1'] });
    const forged = [
      'X-Keywright-Key-Id: forged',
      'X-Keywright-Scopes: private',
      'X_Keywright_Key_Id: forged',
      'X-Original-URI: /public/things',
      'X-Original-Method: GET',
      'X-Real-IP: 127.0.0.5',
      'Connection: X-Keywright-Key-Id, X-Forwarded-Uri',
    ];
    const plain =
      dialects[name]?.({ method: 'GET', target: '/things', headers: [`X-API-Key: ${secret}`] }) ?? '';
    // What the proxy sets itself replaces the client's.
    const passedOn = forged.filter((line) => !plain.includes(`\r\n${line.slice(0, line.indexOf(':') + 1)}`));
    const withForged = plain.replace('\r\n\r\n', `\r\n${passedOn.join('\r\n')}\r\n\r\n`);
    const { responses: denied } = await sendRaw(url, withForged);
    expect(denied).toMatchObject([{ status: 403 }]);
    const { responses: passed } = await sendRaw(url, withForged.replaceAll('/things', '/public/things'));
    expect(passed).toMatchObject([{ status: 200 }]);
    expect(passed[0]?.headers.get('x-keywright-key-id')).toBe(id);
    expect(passed[0]?.headers.get('x-keywright-scopes')).toBe('-');
  });
});

test('a proxy that passes on a client’s headers of its own dialect is told so, and nothing passes', async () => {
  const { secret } = await createKey();
  const twice = dialects
    .Traefik?.({
      method: 'GET',
      target: '/things',
      headers: [`X-API-Key: ${secret}`],
    })
    .replace('\r\n\r\n', '\r\nX-Forwarded-Uri: /public/things\r\n\r\n');
  const { responses } = await sendRaw(url, twice ?? '');
  expect(responses).toMatchObject([{ status: 400 }]);
  expect(responses[0]?.body).toContain('X-Forwarded-Uri came more than once');
});
