import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Endpoint, endpoints, errorCodes } from '@keywright/contract';
import { expect, test } from 'vitest';
import { honoPath } from '../../src/http/route.ts';
import { routes } from '../../src/http/routes.ts';
import { readProblem } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';

interface Operation {
  operationId: string;
  responses: Record<string, unknown>;
}

interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}

const committed = join(import.meta.dirname, '../../../contract/openapi.json');

onBothEngines((at) => {
  const load = async (): Promise<Document> => {
    const { status, json } = await at.as(null).request('GET', '/v1/openapi.json');
    expect(status).toBe(200);
    return json as Document;
  };

  test('the served document is the committed one', async () => {
    expect(await load()).toStrictEqual(JSON.parse(readFileSync(committed, 'utf8')));
  });

  test('it needs no credential, and a client that has it need not load it again', async () => {
    const first = await at.as(null).request('GET', '/v1/openapi.json');
    expect(first.headers.get('Content-Type')).toBe('application/json');
    const tag = first.headers.get('ETag') ?? '';
    for (const sent of [tag, `W/${tag}`, `"x", ${tag}`]) {
      const again = await at
        .as(null)
        .request('GET', '/v1/openapi.json', { headers: { 'If-None-Match': sent } });
      expect([again.status, again.text]).toEqual([304, '']);
    }
    const other = await at
      .as(null)
      .request('GET', '/v1/openapi.json', { headers: { 'If-None-Match': '"x"' } });
    expect(other.status).toBe(200);
  });

  test('each operation in it is served: without a credential it asks for one', async () => {
    const { paths } = await load();
    let count = 0;
    for (const [path, operations] of Object.entries(paths)) {
      for (const method of Object.keys(operations)) {
        const filled = path.replaceAll(/\{\w+\}/g, 'x');
        const answer = await at
          .as(null)
          .request(method.toUpperCase(), filled, method === 'get' ? {} : { body: {} });
        expect([method, path, answer.status]).toEqual([method, path, 401]);
        expect(readProblem(answer).code).toBe('unauthenticated');
        count++;
      }
    }
    expect(count).toBe(Object.keys(endpoints).length);
  });

  test('each endpoint of the contract, and each route of the server, is in it', async () => {
    const { paths } = await load();
    const documented = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(
        ([method, { operationId }]) => `${method.toUpperCase()} ${path} ${operationId}`,
      ),
    );
    const line = ({ method, path, name }: Endpoint) => `${method} ${path} ${name}`;
    expect(documented.sort()).toEqual(Object.values(endpoints).map(line).sort());
    // The server's own table; verifications have a handler of their own.
    const served = [...routes.map(({ endpoint }) => endpoint), endpoints.verify];
    expect(served.map(line).sort()).toEqual(documented);
    expect(served.every(({ path }) => honoPath(path).startsWith('/v1/'))).toBe(true);
  });

  test('each operation tells the answers that it gives', async () => {
    const { paths } = await load();
    for (const endpoint of Object.values<Endpoint>(endpoints)) {
      const { responses } = paths[endpoint.path]?.[endpoint.method.toLowerCase()] ?? { responses: {} };
      const statuses = Object.keys(responses);
      expect(statuses).toEqual(expect.arrayContaining([String(endpoint.status), '401', '403', '500', '503']));
      if (Object.keys(endpoint.params).length > 0) expect(statuses).toContain('404');
      if (endpoint.body !== undefined)
        expect(statuses).toEqual(expect.arrayContaining(['400', '413', '415']));
    }
    const document = JSON.stringify(await load());
    for (const code of errorCodes) expect(document).toContain(`"${code}"`);
  });

  test('it can be read by who has nothing but JSON Schema: references lead somewhere, nothing is of any kind', async () => {
    const document = await load();
    expect(document.openapi).toBe('3.1.0');
    const text = JSON.stringify(document);
    const schemas = (document as unknown as { components: { schemas: Record<string, unknown> } }).components
      .schemas;
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
      expect(schemas).toHaveProperty(name ?? '');
    }
    for (const { body, method, path } of Object.values<Endpoint>(endpoints)) {
      if (body === undefined) continue;
      const operation = document.paths[path]?.[method.toLowerCase()] as unknown as {
        requestBody: {
          content: Record<string, { schema: { type?: string; additionalProperties?: unknown } }>;
        };
      };
      const { schema } = operation.requestBody.content['application/json'] ?? {};
      expect([path, schema?.type, schema?.additionalProperties]).toEqual([path, 'object', false]);
    }
  });

  test('/docs shows it, and loads nothing from elsewhere', async () => {
    const page = await at.as(null).request('GET', '/docs');
    expect([page.status, page.headers.get('Content-Type')]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = page.headers.get('Content-Security-Policy') ?? '';
    const directives = new Map(
      policy.split(';').map((part): [string, string[]] => {
        const [name = '', ...sources] = part.trim().split(' ');
        return [name, sources];
      }),
    );
    expect(directives.get('default-src')).toEqual(["'none'"]);
    expect(directives.get('script-src')).toEqual(["'self'"]);
    expect(directives.get('style-src')).toEqual(["'self'"]);
    expect(directives.get('connect-src')).toEqual(["'self'"]);
    expect(directives.get('frame-ancestors')).toEqual(["'none'"]);
    expect(directives.get('base-uri')).toEqual(["'none'"]);
    expect(policy).not.toContain('unsafe');
    expect(page.headers.get('X-Frame-Options')).toBe('DENY');

    // No script stands in the page itself, since the policy would forbid it.
    expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|style="/);
    const links = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '');
    expect(links.length).toBeGreaterThan(3);
    const types = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8', png: 'image/png' };
    for (const link of links) {
      expect(link).not.toMatch(/^(\w+:|\/)/);
      const asset = await at.as(null).request('GET', `/${link}`);
      expect([link, asset.status]).toEqual([link, 200]);
      expect(asset.headers.get('Content-Type')).toBe(types[link.split('.').at(-1) as keyof typeof types]);
      expect(asset.headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(asset.text.length).toBeGreaterThan(100);
    }
    const initializer = await at.as(null).request('GET', '/docs/initializer.js');
    expect(initializer.text).toContain('openapi.json');
    expect(initializer.text).not.toMatch(/https?:\/\//);
  });

  test('the console’s page names files that are all there', async () => {
    const home = await at.as(null).request('GET', '/');
    expect(home.status).toBe(200);
    const links = [...home.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '');
    expect(links.length).toBeGreaterThan(4);
    for (const link of links) {
      const { status } = await at.as(null).request('GET', link);
      expect([link, status]).toEqual([link, 200]);
    }
  });
});
