import { type EndpointName, endpoints } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { address } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';
import { expectRefused, prepareRequest } from './refusals.ts';

onBothEngines((at) => {
  describe('sizes: what is documented is taken, one more is refused', () => {
    const key = (count: number) => '\u{1f511}'.repeat(count);
    const list = <T>(count: number, item: (index: number) => T) =>
      Array.from({ length: count }, (_, i) => item(i));
    const metadata = (bytes: number) => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) });
    const deep = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`) as object;
    const rate = (fields: object) => ({ name: 'r', limit: 1, windowSeconds: 1, ...fields });
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
      ['createKey', 'rateLimits', 5, (count) => list(count, (i) => rate({ name: `r${i}` }))],
      ['createKey', 'rateLimits', 64, (count) => [rate({ name: 'r'.repeat(count) })]],
      ['updateKey', 'rateLimits', 1_000_000_000, (limit) => [rate({ limit })]],
      ['updateKey', 'rateLimits', 31 * 86_400, (windowSeconds) => [rate({ windowSeconds })]],
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
      ['verify', 'userAgent', 16_384, (count) => 'x'.repeat(count)],
    ])('%s: %s up to %i', async (name, field, limit, value) => {
      const { params, body } = await prepareRequest(at, name);
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
      const { params } = await prepareRequest(at, name);
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

  describe('control characters and halves of characters are no text', () => {
    const wrong = [...'\0\u0001\u0008\u000b\u001b\u007f\u0085\u009b\u2028', '\ud800', '\udc00'];

    test.each<[EndpointName, string]>([
      ['createKey', 'name'],
      ['createKey', 'description'],
      ['createKey', 'ownerId'],
      ['updateKey', 'name'],
      ['revokeKey', 'reason'],
      ['createProject', 'name'],
      ['updateProject', 'name'],
      ['createChannel', 'name'],
      ['updateChannel', 'description'],
      ['createServiceKey', 'name'],
      ['verify', 'channel'],
    ])('400 from %s for them in %s', async (name, field) => {
      const { params, body } = await prepareRequest(at, name);
      for (const character of wrong) {
        const answer = await at.admin.send(name, {
          params,
          body: { ...Object(body), [field]: `a${character}b` },
        });
        const problem = expectRefused(answer, 400, JSON.stringify(character));
        expect(problem.errors?.map(({ path }) => path)).toEqual([field]);
      }
    });

    test('lines and tabs are text where there is room for paragraphs, and nowhere else', async () => {
      const { params } = await prepareRequest(at, 'createKey');
      for (const character of ['\n', '\r\n', '\t']) {
        const text = `a${character}b`;
        const { key } = await at.admin.call('createKey', { params, body: { description: text } });
        expect(key.description).toBe(text);
        for (const field of ['name', 'ownerId']) {
          expectRefused(await at.admin.send('createKey', { params, body: { [field]: text } }), 400, field);
        }
      }
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
      const { params } = await prepareRequest(at, name);
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
});
