import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Endpoint, type EndpointName, endpoints } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Answer, address, readProblem } from '../support/client.ts';
import { type Installation, onBothEngines } from '../support/installation.ts';
import { head, sendRaw } from '../support/raw-connection.ts';
import { type EndpointCase, endpointCases } from './endpoint-cases.ts';

/*
 * Whatever is sent, it is answered: by a success where it is fine, and else by a clear 4xx. Never by a 500, never by
 * silence, and never by doing something that was not asked for. At the end the server is as well as before.
 */

const names = Object.keys(endpoints) as EndpointName[];
const withBody = names.filter((name) => (endpoints[name] as Endpoint).body !== undefined);
const withQuery = names.filter((name) => (endpoints[name] as Endpoint).query !== undefined);
const mebibyte = 1024 * 1024;

const sql = [
  "'; DROP TABLE keys; --",
  "' OR '1'='1",
  '1; SELECT pg_sleep(10)',
  '$1',
  '?',
  ':name',
  '\\',
  '%_%',
  "E'\\x00'",
  '#{7*7}',
  '{{7*7}}',
];
const control = [
  '\0',
  'a\0b',
  '\u0001',
  '\u001b[31m',
  '\u007f',
  '\r\nX-Injected: 1',
  '\ud800',
  'a\udfff',
  '\ufeff',
  '\u2028',
];

onBothEngines((at) => {
  describe.each(withBody)('%s', (name) => {
    const endpoint: Endpoint = endpoints[name];
    const fields = propertiesOf(endpoint);
    const request = once(async () => {
      const { prepare } = endpointCases[name] as EndpointCase<typeof name>;
      const { params, body } = await prepare(at, (await at.createProject()).id);
      return { path: address(endpoint.path, params), body: { ...Object(body) } as Record<string, unknown> };
    });
    const send = async (options: Parameters<Installation['admin']['request']>[2]) =>
      at.admin.request(endpoint.method, (await request()).path, options);
    const sendText = (raw: string) => send({ raw });
    /** Sends the good body with one field more, whose JSON is given. */
    const sendField = async (field: string, json: string) => {
      const { body } = await request();
      const { [field]: _, ...others } = body;
      const rest = JSON.stringify(others).slice(1, -1);
      return sendText(`{${rest}${rest === '' ? '' : ','}${JSON.stringify(field)}:${json}}`);
    };

    test('400 for fields that are the server’s to set', async () => {
      await request();
      await expectNoChange(at, async () => {
        for (const field of [
          ...[
            'status',
            'createdBy',
            'createdAt',
            'updatedAt',
            'sha256',
            'hash',
            'used',
            'id',
            'projectId',
            'keyId',
          ],
          ...[
            'secret',
            'display',
            'publicId',
            'format',
            'revokedAt',
            'revokedReason',
            'lastUsedAt',
            'keyCount',
          ],
          ...['rateLimits', 'quota', 'rotation', 'bootstrap', 'deletedAt', 'role', 'isAdmin', 'actor', 'seq'],
          ...[
            '__proto__',
            'constructor',
            'prototype',
            'toString',
            'hasOwnProperty',
            '',
            ' ',
            'name ',
            'Name',
            'NAME',
          ],
        ]) {
          if (field in fields) continue;
          for (const json of ['"active"', 'null', '{"isAdmin":true,"scopes":["admin"]}']) {
            const problem = expectRefused(await sendField(field, json), 400, `${field}: ${json}`);
            expect(problem.errors?.map(({ path }) => path)).toContain(field);
          }
        }
      });
    });

    test.each(Object.keys(fields))('400 for a %s of the wrong type', async (field) => {
      const types = typesOf(fields[field] ?? {});
      for (const [type, json] of [
        ...[
          ['null', 'null'],
          ['boolean', 'true'],
          ['boolean', 'false'],
          ['number', '0'],
          ['number', '-1.5'],
        ],
        ...[
          ['number', '1e400'],
          ['number', '-1e400'],
          ['number', '9007199254740993'],
          ['string', '""'],
        ],
        ...[
          ['string', '"text"'],
          ['string', '"0"'],
          ['array', '[]'],
          ['array', '["a"]'],
          ['array', '[null]'],
        ],
        ...[
          ['object', '{}'],
          ['object', '{"$ne":null}'],
          ['object', '{"length":1,"0":"a"}'],
          ['object', '{"toString":1}'],
        ],
      ]) {
        const answer = await sendField(field, json ?? '');
        expectSane(endpoint, answer, `${field}: ${json}`);
        if (types.has(type ?? '')) continue;
        const problem = expectRefused(answer, 400, `${field}: ${json}`);
        // Where one field decides how the whole is read, the fault is the whole's.
        const paths = problem.errors?.map(({ path }) => path) ?? [];
        expect(
          paths.some((path) => path === field || path.startsWith(`${field}.`)),
          paths.join(),
        ).toBe(true);
      }
    });

    test('strings that mean something to a database, a terminal or a template mean nothing here', async () => {
      for (const field of Object.keys(fields)) {
        for (const text of sql) {
          const escaped = JSON.stringify(text);
          for (const json of [escaped, `[${escaped}]`, `{${escaped}:${escaped}}`]) {
            expectSane(endpoint, await sendField(field, json), `${field}: ${json}`);
          }
        }
      }
    });

    test('NUL, control characters and lone surrogates are refused, or taken for what they are', async () => {
      for (const field of Object.keys(fields)) {
        for (const text of control) {
          const escaped = JSON.stringify(text);
          for (const json of [escaped, `[${escaped}]`, `{${escaped}:1}`, `{"a":${escaped}}`]) {
            expectSane(endpoint, await sendField(field, json), `${field}: ${json}`);
          }
        }
      }
    });

    test('400 for what nests 100,000 levels deep, in each field and as a whole', async () => {
      const depth = 100_000;
      const nested = ['['.repeat(depth) + ']'.repeat(depth), `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`];
      for (const json of nested) {
        expectRefused(await sendText(json), 400, json.slice(0, 20));
        for (const field of [...Object.keys(fields), 'unknown']) {
          expectRefused(await sendField(field, json), 400, `${field}: ${json.slice(0, 20)}`);
        }
      }
    });

    test('400 for a body that is JSON, but no object', async () => {
      for (const raw of ['null', 'true', '0', '-1', '1e400', '"text"', '[]', '[{}]', '[[]]', '""']) {
        expectRefused(await sendText(raw), 400, raw);
      }
    });

    test('400 for what is no JSON', async () => {
      const { body } = await request();
      const good = JSON.stringify(body);
      for (const raw of [
        ...[
          '{',
          '}',
          '{"a"',
          '{"a":}',
          "{'a':1}",
          '{a:1}',
          '{"a":1,}',
          '[1,]',
          'undefined',
          'NaN',
          '{"a":NaN}',
        ],
        ...[
          '{"a":01}',
          '{"a":+1}',
          '{"a":.5}',
          '{"a":0x10}',
          '{"a":"\t"}',
          '{"a":"\\x41"}',
          '{"a":"\\ud8"}',
          '// {}',
        ],
        ...[`${good}${good}`, `${good}x`, `${good}\0`, `/**/${good}`, good.slice(0, -1), ' ', '\n', '\0'],
        ...['a=1&b=2', '<xml/>', '--x\r\n\r\n{}'],
      ]) {
        const problem = expectRefused(await sendText(raw), 400, raw);
        expect(problem.errors).toEqual([{ path: '', message: expect.any(String) }]);
      }
    });

    test('400 for bytes that are no UTF-8', async () => {
      for (const bytes of [
        [0xff],
        [0xc3, 0x28],
        [0xed, 0xa0, 0x80],
        [0xf8, 0x88, 0x80, 0x80],
        [0xc0, 0x80],
      ]) {
        const raw = new Uint8Array([...Buffer.from('{"name":"'), ...bytes, ...Buffer.from('"}')]);
        expect(expectRefused(await send({ raw }), 400, bytes.join()).detail).toContain('UTF-8');
      }
      const utf16 = new Uint8Array(Buffer.from('\ufeff{}', 'utf16le'));
      expectRefused(await send({ raw: utf16 }), 400, 'UTF-16');
    });

    test('415 for every type but JSON, and for none', async () => {
      const raw = JSON.stringify((await request()).body).padEnd(3);
      await expectNoChange(at, async () => {
        for (const type of [
          ...['', 'text/plain', 'text/plain;charset=UTF-8', 'application/x-www-form-urlencoded', 'text/json'],
          ...[
            'multipart/form-data; boundary=x',
            'application/jsonx',
            'application/json; charset=utf-16',
            'json',
          ],
          ...[
            'application/json, text/plain',
            'text/plain, application/json',
            'application/vnd.api+json',
            '*/*',
          ],
          ...[
            'application/json; charset=utf-8; x=y',
            'application/ json',
            'application/json;',
            'application/octet-stream',
          ],
        ]) {
          const headers = { 'Content-Type': type };
          expectRefused(await send({ raw, headers }), 415, type);
        }
        for (const coding of ['gzip', 'br', 'deflate', 'gzip, identity']) {
          const headers = { 'Content-Encoding': coding };
          expectRefused(await send({ raw, headers }), 415, coding);
        }
      });
    });

    test('JSON in any spelling of its type is taken', async () => {
      const { body } = await request();
      for (const type of [
        'Application/JSON',
        'application/json; charset=UTF-8',
        'application/json;charset="utf-8"',
      ]) {
        const answer = await send({ body, headers: { 'Content-Type': type } });
        expect(answer.status, `${type} ${answer.text.slice(0, 200)}`).not.toBe(415);
        expectSane(endpoint, answer, type);
      }
    });

    test('413 for one byte over 1 MiB, whether the length is told before or not', async () => {
      await request();
      const tooLong = '{}'.padStart(mebibyte + 1);
      await expectNoChange(at, async () => {
        expectRefused(await sendText(tooLong), 413, 'with Content-Length');
        expectRefused(await send({ raw: new Blob([tooLong]).stream() }), 413, 'in chunks');
        const endless = new ReadableStream({
          async pull(controller) {
            // Without a pause it would never let anything else happen.
            await nextTurn();
            controller.enqueue(new Uint8Array(65_536).fill(32));
          },
        });
        expectRefused(await send({ raw: endless }), 413, 'without an end');
      });
    });

    test('a body of exactly 1 MiB is read, whether the length is told before or not', async () => {
      const good = JSON.stringify((await request()).body);
      const raw = ' '.repeat(mebibyte - good.length) + good;
      for (const sent of [raw, new Blob([raw]).stream()]) {
        const answer = await send({ raw: sent });
        expectSane(endpoint, answer, 'padded');
        expect(answer.status).not.toBe(413);
      }
    });

    if (endpoint.bodyOptional !== true)
      test('400 for no body at all', async () => {
        for (const options of [{}, { raw: '' }]) {
          const problem = expectRefused(await send(options), 400, 'nothing');
          expect(problem.errors).toEqual([{ path: '', message: 'is required' }]);
        }
      });

    test('many faults at once make a short answer', async () => {
      const body = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`field-${i}`, i]));
      const answer = await send({ body });
      expect(expectRefused(answer, 400, 'many').errors?.length).toBeLessThanOrEqual(100);
      expect(answer.text.length).toBeLessThan(20_000);
    });
  });

  describe.each(withQuery)('%s, its query', (name) => {
    const endpoint: Endpoint = endpoints[name];
    const params = Object.keys(endpoint.query?.shape ?? {});
    const path = once(async () => {
      const { prepare } = endpointCases[name] as EndpointCase<typeof name>;
      return address(endpoint.path, (await prepare(at, (await at.createProject()).id)).params);
    });
    const send = async (search: string) => at.admin.request(endpoint.method, `${await path()}?${search}`);

    test('400 for a parameter that is there twice', async () => {
      for (const param of params) {
        for (const search of [
          `${param}=1&${param}=1`,
          `${param}&${param}`,
          `${param}=1&%${hex(param)}${param.slice(1)}=2`,
        ]) {
          const problem = expectRefused(await send(search), 400, search);
          expect(problem.errors?.map((error) => error.path)).toEqual([param]);
        }
      }
    });

    test('400 for parameters that it does not know', async () => {
      for (const search of [
        ...[
          'nonsense',
          '__proto__=1',
          '__proto__[limit]=1',
          'constructor=1',
          'limit[]=1',
          'limit[0]=1',
          'limit.x=1',
        ],
        ...[
          'LIMIT=1',
          '=1',
          '%00=1',
          'limit%00=1',
          '%ff=1',
          'page=2',
          'offset=1',
          'projectid=x',
          'toString=1',
        ],
      ]) {
        expectRefused(await send(search), 400, search);
      }
    });

    test('values that mean something elsewhere mean nothing here', async () => {
      const values = [
        ...sql,
        ...control,
        '',
        ' ',
        '__proto__',
        '-1',
        '0',
        '1e400',
        'NaN',
        '[]',
        '{}',
        'null',
        '🔑',
      ];
      for (const param of params) {
        for (const value of [
          ...values.map(encodeLoosely),
          '%00',
          '%ff',
          '%zz',
          '%',
          '+',
          '%u0041',
          'a'.repeat(8000),
        ]) {
          expectSane(endpoint, await send(`${param}=${value}`), `${param}=${value}`);
        }
      }
    });

    test('a query of nothing but signs is none', async () => {
      for (const search of ['', '&', '&&&', '?']) expectSane(endpoint, await send(search), search);
    });
  });

  describe('sizes: what is documented is taken, one more is refused', () => {
    const key = (count: number) => '\u{1f511}'.repeat(count);
    const list = <T>(count: number, item: (index: number) => T) =>
      Array.from({ length: count }, (_, i) => item(i));
    const metadata = (bytes: number) => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) });
    const deep = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`) as object;
    const address4 = (i: number) => `10.0.${i >> 8}.${i & 255}`;

    test.each<[EndpointName, string, number, (count: number) => unknown]>([
      ['createKey', 'name', 100, key],
      ['createKey', 'description', 500, key],
      ['createKey', 'ownerId', 200, key],
      ['createKey', 'metadata', 4096, metadata],
      ['createKey', 'metadata', 16, deep],
      ['createKey', 'scopes', 100, (count) => list(count, (i) => `s${i}`)],
      ['createKey', 'scopes', 64, (count) => ['s'.repeat(count)]],
      ['createKey', 'ipAllow', 100, (count) => list(count, address4)],
      ['updateKey', 'name', 100, key],
      ['updateKey', 'description', 500, key],
      ['updateKey', 'ownerId', 200, key],
      ['updateKey', 'metadata', 4096, metadata],
      ['updateKey', 'scopes', 100, (count) => list(count, (i) => `s${i}`)],
      ['updateKey', 'ipAllow', 100, (count) => list(count, address4)],
      ['revokeKey', 'reason', 200, key],
      ['createProject', 'name', 100, key],
      ['updateProject', 'name', 100, key],
      ['updateProject', 'wording', 500, (count) => ({ title: key(count) })],
      ['createChannel', 'name', 100, key],
      ['createChannel', 'description', 500, key],
      ['createChannel', 'upstream', 2000, (count) => `http://host/${'p'.repeat(count - 12)}`],
      ['updateChannel', 'name', 100, key],
      ['updateChannel', 'description', 500, key],
      ['createServiceKey', 'name', 100, key],
      ['verify', 'scopes', 100, (count) => list(count, (i) => `s${i}`)],
      ['verify', 'userAgent', 2000, (count) => 'x'.repeat(count)],
    ])('%s: %s up to %i', async (name, field, limit, value) => {
      const { prepare } = endpointCases[name] as EndpointCase<typeof name>;
      const { params, body } = await prepare(at, (await at.createProject()).id);
      const send = (count: number) =>
        at.admin.send(name, { params, body: { ...Object(body), [field]: value(count) } });
      const problem = expectRefused(await send(limit + 1), 400, `${limit + 1}`);
      expect(problem.errors?.[0]?.path.split('.')[0]).toBe(field);
      const answer = await send(limit);
      expect(answer.status, answer.text.slice(0, 300)).toBe(endpoints[name].status);
      if (name !== 'verify' && name !== 'revokeKey')
        expect(answer.text).toContain(JSON.stringify(value(limit)));
    });

    test.each<[EndpointName, string, number]>([
      ['listKeys', 'search', 200],
      ['listKeys', 'ownerId', 200],
      ['listLedger', 'actor', 200],
      ['listProjectLedger', 'subject', 200],
    ])('%s?%s up to %i', async (name, param, limit) => {
      const { prepare } = endpointCases[name] as EndpointCase<typeof name>;
      const { params } = await prepare(at, (await at.createProject()).id);
      await at.admin.call(name, { params, query: { [param]: 'x'.repeat(limit) } });
      const problem = await at.admin.refuse(name, { params, query: { [param]: 'x'.repeat(limit + 1) } });
      expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: param }] });
    });

    test('one refused early for its length holds no memory of it: a name of a million characters', async () => {
      const { id: projectId } = await at.createProject();
      const problem = await at.admin.refuse('createKey', {
        params: { projectId },
        body: { name: 'x'.repeat(1_000_000) },
      });
      expect(JSON.stringify(problem).length).toBeLessThan(1000);
    });
  });

  describe('hostile names inside of objects', () => {
    test.each<[EndpointName, string]>([
      ['createKey', '{"metadata":{"__proto__":{"isAdmin":true}}}'],
      ['createKey', '{"metadata":{"a":{"__proto__":1}}}'],
      ['createKey', '{"metadata":{"\\u0000":1}}'],
      ['createKey', '{"metadata":{"a":"\\ud800"}}'],
      ['createKey', '{"metadata":{"a":1e400}}'],
      ['createProject', '{"name":"x","policy":{"__proto__":{"format":"pair"}}}'],
      ['createProject', '{"name":"x","policy":{"constructor":1}}'],
      ['createProject', '{"name":"x","wording":{"__proto__":"x"}}'],
      ['createProject', '{"name":"x","wording":{"a":"\\u0000"}}'],
      ['updateProject', '{"wording":{"__proto__":"x"}}'],
      ['updateProject', '{"wording":{"__proto__":null}}'],
      ['updateChannel', '{"policy":{"__proto__":{"format":"pair"}}}'],
    ])('400 from %s for %s', async (name, raw) => {
      const endpoint = endpoints[name];
      const { prepare } = endpointCases[name] as EndpointCase<typeof name>;
      const { params } = await prepare(at, (await at.createProject()).id);
      expectRefused(
        await at.admin.request(endpoint.method, address(endpoint.path, params), { raw }),
        400,
        raw,
      );
    });

    test('names that objects have from birth are metadata like any other', async () => {
      const { id } = await at.createProject();
      const metadata = { constructor: 1, toString: 'x', hasOwnProperty: null, prototype: {}, length: 5 };
      const { key, secret } = await at.createKey(id, { metadata });
      expect(key.metadata).toStrictEqual(metadata);
      const answer = await at.admin.call('verify', { body: { key: secret } });
      expect(answer.key?.metadata).toStrictEqual(metadata);
    });

    test('what repeats in an object counts once, and no earlier one slips past a check', async () => {
      const { id } = await at.createProject();
      const path = `/v1/projects/${id}/keys`;
      const answer = await at.admin.request('POST', path, { raw: '{"name":"\\u0000","name":"good"}' });
      expect([answer.status, answer.json]).toMatchObject([201, { key: { name: 'good' } }]);
      expectRefused(
        await at.admin.request('POST', path, { raw: '{"name":"good","name":"\\u0000"}' }),
        400,
        'twice',
      );
    });
  });

  describe('addresses', () => {
    const get = (path: string, ...lines: string[]) => {
      const authorization = `Authorization: Bearer ${at.service.bootstrapKey}`;
      return sendRaw(
        at.url,
        head(`GET ${path} HTTP/1.1`, 'Host: x', authorization, 'Connection: close', ...lines),
      );
    };

    test('404 for a path with NUL, dots, doubled or encoded slashes, whatever it would mean decoded', async () => {
      const { id } = await at.createProject();
      for (const path of [
        ...[
          '/v1/keys/%00',
          '/v1/keys/key_%00',
          `/v1/projects/${id}%00`,
          `/v1/projects/${id}%2f`,
          `/v1//projects/${id}`,
        ],
        ...[
          '/v1/projects/../ledger',
          '/v1/projects/%2e%2e/ledger',
          '/v1/./projects',
          '/v1/projects/',
          '//v1/projects',
        ],
        ...[
          '/V1/projects',
          '/v1/Projects',
          '/v1/projects;x=1',
          '/v1/projects%20',
          '/v1/projects%',
          '/v1/projects/%zz',
        ],
        ...['/v1/keys/%ff', '/v1/keys/%ed%a0%80', '/v1/keys/%E2%82%28', '/v1/%70rojects'],
        ...[
          '/.env',
          '/.git/config',
          '/docs/../../package.json',
          '/docs/%2e%2e/%2e%2e/package.json',
          '/docs/..%2fx',
        ],
        ...[
          '/problems/%2e%2e',
          '/problems/__proto__',
          '/problems/toString',
          '/v1/keys/__proto__',
          '/v1/*',
          '/*',
        ],
      ]) {
        const { responses } = await get(path);
        expect(
          responses.map(({ status }) => status),
          path,
        ).toEqual([404]);
        expect(JSON.parse(responses[0]?.body ?? ''), path).toMatchObject({ code: 'not_found' });
      }
    });

    test('404 for an id of thousands of characters; longer heads than 16 KiB are no request at all', async () => {
      for (const length of [1000, 8000, 14_000]) {
        const { responses } = await get(`/v1/keys/${'a'.repeat(length)}`);
        expect(responses.map(({ status }) => status)).toEqual([404]);
      }
      for (const exchange of [
        await get(`/v1/keys/${'a'.repeat(20_000)}`),
        await get('/', `X: ${'a'.repeat(20_000)}`),
      ]) {
        expect(exchange.responses.map(({ status }) => status)).toEqual([431]);
        expect(exchange.isClosed).toBe(true);
      }
    });

    test('401 for more than one Authorization header, the same or not, in any spelling', async () => {
      const good = `Bearer ${at.service.bootstrapKey}`;
      for (const other of [good, 'Bearer x', '', 'Basic Og==']) {
        for (const name of ['Authorization', 'authorization', 'AUTHORIZATION']) {
          for (const path of ['/v1/projects', '/v1/ledger']) {
            const { responses } = await get(path, `${name}: ${other}`);
            expect(
              responses.map(({ status }) => status),
              `${name}: ${other.slice(0, 8)}`,
            ).toEqual([401]);
          }
        }
      }
      const body = '{"key":"x"}';
      const lines = [
        'POST /v1/verify HTTP/1.1',
        'Host: x',
        'Content-Type: application/json',
        'Connection: close',
      ];
      const length = `Content-Length: ${body.length}`;
      for (const second of [`Authorization: ${good}`, 'authorization: Bearer x']) {
        const request = head(...lines, length, `Authorization: ${good}`, second) + body;
        const { responses } = await sendRaw(at.url, request);
        expect(responses.map(({ status }) => status)).toEqual([401]);
      }
    });
  });

  test('after all this the server is ready, has logged no error, and its data are whole', async () => {
    const ready = await at.as(null).request('GET', '/readyz');
    expect([ready.status, ready.json]).toMatchObject([200, { ready: true }]);
    expect(at.errorLines()).toEqual([]);
    const { id } = await at.createProject();
    const { key, secret } = await at.createKey(id);
    expect(await at.admin.call('verify', { body: { key: secret } })).toMatchObject({ valid: true });
    expect((await at.admin.call('listKeys', { params: { projectId: id } })).items).toEqual([key]);
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
  });
});

/** A refusal with this status and the code that belongs to it. */
function expectRefused(answer: Answer, status: 400 | 413 | 415, what: string) {
  const code = { 400: 'validation_failed', 413: 'payload_too_large', 415: 'unsupported_media_type' }[status];
  expect(answer.status, `${what} → ${answer.text.slice(0, 300)}`).toBe(status);
  const problem = readProblem(answer);
  expect(problem.code, what).toBe(code);
  return problem;
}

/** The endpoint's success, or one of its refusals, in their full form. */
function expectSane(endpoint: Endpoint, answer: Answer, what: string): void {
  if (answer.status === endpoint.status) return;
  expect(answer.status, `${what} → ${answer.text.slice(0, 300)}`).toBeLessThan(500);
  readProblem(answer);
}

async function expectNoChange(at: Installation, run: () => Promise<void>): Promise<void> {
  const before = await at.ledgerHead();
  await run();
  expect(await at.ledgerSince(before)).toEqual([]);
}

interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  enum?: unknown[];
}

/** The fields of an endpoint's body, as its documentation shows them. */
function propertiesOf({ body }: Endpoint): Record<string, JsonSchema> {
  if (body === undefined) return {};
  return (z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) as JsonSchema).properties ?? {};
}

function typesOf({ type, anyOf = [], oneOf = [], enum: values = [] }: JsonSchema): Set<string> {
  const own = [type ?? []].flat().map((name) => (name === 'integer' ? 'number' : name));
  return new Set([
    ...own,
    ...values.map((value) => typeof value),
    ...[...anyOf, ...oneOf].flatMap((part) => [...typesOf(part)]),
  ]);
}

/** As `encodeURIComponent`, which will not do it for lone surrogates. */
function encodeLoosely(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : '%ed%a0%80';
}

function hex(text: string): string {
  return text.charCodeAt(0).toString(16);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
