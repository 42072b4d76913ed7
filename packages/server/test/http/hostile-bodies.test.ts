import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Endpoint, type EndpointName, endpoints } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { address } from '../support/client.ts';
import { type Installation, onBothEngines } from '../support/installation.ts';
import { control, sql } from './hostile-strings.ts';
import { once } from './once.ts';
import { expectNoTrace, expectRefused, expectSane, expectUnharmed, prepareRequest } from './refusals.ts';

/*
 * Whatever is sent, it is answered: by a success where it is fine, and else by a clear 4xx. Never by a 500, never by
 * silence, and never by doing something that was not asked for. At the end the server is as well as before.
 */

const names = Object.keys(endpoints) as EndpointName[];
const withBody = names.filter((name) => (endpoints[name] as Endpoint).body !== undefined);
const usualBytes = 1024 * 1024;

onBothEngines((at) => {
  describe.each(withBody)('%s', (name) => {
    const endpoint: Endpoint = endpoints[name];
    const { maxBodyBytes: maxBytes = usualBytes } = endpoint;
    const fields = propertiesOf(endpoint);
    const request = once(async () => {
      const { params, body } = await prepareRequest(at, name);
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
      await expectNoTrace(at, async () => {
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
          const problem = expectRefused(await sendField(field, '{"isAdmin":true}'), 400, field);
          expect(problem.errors?.map(({ path }) => path)).toContain(field);
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
      for (const [field, schema] of Object.entries(fields)) {
        for (const json of sql.flatMap((text) => formsOf(text, schema))) {
          expectSane(endpoint, await sendField(field, json), `${field}: ${json}`);
        }
      }
    });

    test('NUL, control characters and lone surrogates are refused, or taken for what they are', async () => {
      for (const [field, schema] of Object.entries(fields)) {
        for (const json of control.flatMap((text) => formsOf(text, schema))) {
          expectSane(endpoint, await sendField(field, json), `${field}: ${json}`);
        }
      }
    });

    test('400 for what nests 100,000 levels deep, in each field and as a whole', async () => {
      const depth = 100_000;
      const nested = ['['.repeat(depth) + ']'.repeat(depth), `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`];
      for (const json of nested) expectRefused(await sendText(json), 400, json.slice(0, 20));
      for (const [index, field] of [...Object.keys(fields), 'unknown'].entries()) {
        expectRefused(await sendField(field, nested[index % 2] ?? ''), 400, field);
      }
      expectRefused(await sendField('metadata', nested[1] ?? ''), 400, 'metadata');
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
      await expectNoTrace(at, async () => {
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

    test('413 for one byte more than it reads, whether the length is told before or not', async () => {
      await request();
      const tooLong = '{}'.padStart(maxBytes + 1);
      await expectNoTrace(at, async () => {
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

    test('a body that is as long as it reads is read, whether the length is told before or not', async () => {
      const good = JSON.stringify((await request()).body);
      const raw = ' '.repeat(maxBytes - Buffer.byteLength(good)) + good;
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
      const body = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`field-${i}`, i]));
      const answer = await send({ body });
      expect(expectRefused(answer, 400, 'many').errors?.length).toBeLessThanOrEqual(100);
      expect(answer.text.length).toBeLessThan(20_000);
    });
  });

  test('after all this the server is ready, has logged no error, and does its work', () =>
    expectUnharmed(at));
});

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

/** A text in JSON, wherever a field of this type may have one. */
function formsOf(text: string, schema: JsonSchema): string[] {
  const [types, json] = [typesOf(schema), JSON.stringify(text)];
  return [
    ...(types.has('string') ? [json] : []),
    ...(types.has('array') ? [`[${json}]`] : []),
    ...(types.has('object') ? [`{${json}:1}`, `{"a":${json}}`] : []),
  ];
}
