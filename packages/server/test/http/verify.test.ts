import { type VerifyAnswer, verifyCodes } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { generatePublicId, generateSecret } from '../../src/keys/secret-format.ts';
import type { BodyOf } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';

type Body = BodyOf<'verify'>;

onBothEngines((at) => {
  const verify = (body: Body) => at.admin.call('verify', { body });
  const codeOf = async (body: Body) => (await verify(body)).code;
  const createPair = async () => {
    const project = await at.createProject({ policy: { format: 'pair' } });
    const { key, secret } = await at.createKey(project.id);
    return { project, key, publicId: key.publicId ?? '', secret };
  };

  describe('valid', () => {
    test('says whose key it is', async () => {
      const { id: projectId } = await at.createProject();
      const channel = await at.createChannel(projectId);
      const metadata = { plan: 'gold', nested: [1, { 'quo"te': '</script> é 🔑' }] };
      const { key, secret } = await at.createKey(projectId, {
        name: 'Pro"duction',
        channelId: channel.id,
        ownerId: 'customer-42',
        scopes: ['orders:read'],
        metadata,
        expiresAt: '2099-01-01T00:00:00Z',
      });
      const answer = await verify({ key: secret });
      expect(answer).toStrictEqual({
        valid: true,
        code: 'valid',
        key: {
          id: key.id,
          name: 'Pro"duction',
          projectId,
          channelId: channel.id,
          ownerId: 'customer-42',
          scopes: ['orders:read'],
          metadata,
          expiresAt: '2099-01-01T00:00:00.000Z',
        },
        limits: [],
        requestId: expect.any(String),
      });
    });

    test('the caller’s request id comes back, in body and header', async () => {
      const { secret } = await at.createKey((await at.createProject()).id);
      const { json, headers } = await at.admin.send('verify', {
        body: { key: secret },
        headers: { 'X-Request-Id': 'trace-7.a_b' },
      });
      expect((json as VerifyAnswer).requestId).toBe('trace-7.a_b');
      expect(headers.get('X-Request-Id')).toBe('trace-7.a_b');
    });

    test('with every condition met', async () => {
      const { id } = await at.createProject();
      const channel = await at.createChannel(id);
      const { secret } = await at.createKey(id, {
        scopes: ['a', 'b'],
        ipAllow: ['10.0.0.0/8'],
        channelId: channel.id,
      });
      const body = {
        key: secret,
        scopes: ['b'],
        ip: '10.1.2.3',
        channel: channel.slug,
        userAgent: 'curl',
        cost: 0,
      };
      expect(await codeOf(body)).toBe('valid');
      expect(await codeOf({ ...body, cost: 1_000_000, userAgent: '', scopes: [] })).toBe('valid');
    });
  });

  describe('malformed', () => {
    test('for everything whose length or checksum is wrong', async () => {
      const { secret } = await at.createKey((await at.createProject()).id);
      const flipped = (index: number) =>
        secret.slice(0, index) + (secret[index] === 'x' ? 'y' : 'x') + secret.slice(index + 1);
      for (const key of [
        ...['', 'x', secret.slice(1), `${secret}x`, ` ${secret}`, `${secret} `, `Bearer ${secret}`],
        ...[secret.toUpperCase(), flipped(5), flipped(30), flipped(63), `${secret.slice(0, 63)}é`],
        ...['\0', '\ud800', '🔑'.repeat(32), `${secret.slice(0, 63)}\0`, '_'.repeat(64), '0'.repeat(64)],
        ...["' OR 1=1 --".padEnd(64, '-'), 'a'.repeat(100_000)],
      ]) {
        expect(await verify({ key }), JSON.stringify(key.slice(0, 80))).toStrictEqual({
          valid: false,
          code: 'malformed',
          requestId: expect.any(String),
        });
      }
    });

    test('for the secret of a pair too', async () => {
      const { publicId, secret } = await createPair();
      expect(await codeOf({ publicId, secret: secret.slice(1) })).toBe('malformed');
      expect(await codeOf({ publicId: secret, secret: publicId })).toBe('malformed');
    });
  });

  describe('not_found', () => {
    test('for what nobody made, asked twice', async () => {
      const key = generateSecret('kw').reveal();
      for (let i = 0; i < 2; i++) {
        expect(await verify({ key })).toStrictEqual({
          valid: false,
          code: 'not_found',
          requestId: expect.any(String),
        });
      }
    });

    test('for the halves of a pair that do not belong together, and for each alone', async () => {
      const [one, two] = [await createPair(), await createPair()];
      expect(await codeOf({ publicId: one.publicId, secret: one.secret })).toBe('valid');
      const wrong: Body[] = [
        { publicId: two.publicId, secret: one.secret },
        { publicId: one.publicId, secret: two.secret },
        { publicId: one.publicId, secret: generateSecret('kw').reveal() },
        { publicId: generatePublicId('kw'), secret: one.secret },
        { publicId: one.publicId.toUpperCase(), secret: one.secret },
        { publicId: `${one.publicId} `, secret: one.secret },
        { publicId: '', secret: one.secret },
        { publicId: one.key.id, secret: one.secret },
        { key: one.secret },
      ];
      for (const body of wrong) {
        expect(await verify(body), JSON.stringify(body)).toStrictEqual({
          valid: false,
          code: 'not_found',
          requestId: expect.any(String),
        });
      }
    });

    test('for a token that comes as a pair', async () => {
      const { key, secret } = await at.createKey((await at.createProject()).id);
      for (const publicId of ['', 'null', key.id])
        expect(await codeOf({ publicId, secret })).toBe('not_found');
    });

    test('for keys of projects that the service key is not for, warm or cold', async () => {
      const [own, other] = [await at.createProject(), await at.createProject()];
      const caller = await at.createServiceKey(own.id, ['verify']);
      const { key, secret } = await at.createKey(other.id);
      const asked = () => caller.call('verify', { body: { key: secret } });
      expect(await asked()).toStrictEqual({ valid: false, code: 'not_found', requestId: expect.any(String) });
      expect(await codeOf({ key: secret })).toBe('valid');
      expect(await asked()).toStrictEqual({ valid: false, code: 'not_found', requestId: expect.any(String) });
      // Nor does it tell that the key once was.
      await at.admin.call('revokeKey', { params: { keyId: key.id } });
      expect((await asked()).code).toBe('not_found');
      const { secret: ownSecret } = await at.createKey(own.id);
      expect((await caller.call('verify', { body: { key: ownSecret } })).valid).toBe(true);
    });
  });

  describe('wrong_channel', () => {
    test('a bound key is good at its own channel only, by id and by slug; a free one everywhere', async () => {
      const { id } = await at.createProject();
      const [own, other] = [await at.createChannel(id), await at.createChannel(id)];
      const { secret: bound } = await at.createKey(id, { channelId: own.id });
      const { secret: free } = await at.createKey(id);
      for (const channel of [own.id, own.slug]) {
        expect(await codeOf({ key: bound, channel })).toBe('valid');
        expect(await codeOf({ key: free, channel })).toBe('valid');
      }
      for (const channel of [other.id, other.slug]) {
        expect(await codeOf({ key: bound, channel })).toBe('wrong_channel');
        expect(await codeOf({ key: free, channel })).toBe('valid');
      }
      // One that names no channel does not ask.
      expect(await codeOf({ key: bound })).toBe('valid');
    });

    test('a channel of another project is wrong for every key', async () => {
      const [own, other] = [await at.createProject(), await at.createProject()];
      const channel = await at.createChannel(other.id);
      const { secret } = await at.createKey(own.id);
      for (const name of [channel.id, channel.slug]) {
        expect(await codeOf({ key: secret, channel: name })).toBe('wrong_channel');
      }
    });

    test('a renamed channel is found by its new slug, and not by the old one', async () => {
      const { id } = await at.createProject();
      const channel = await at.createChannel(id);
      const { secret } = await at.createKey(id, { channelId: channel.id });
      expect(await codeOf({ key: secret, channel: channel.slug })).toBe('valid');
      const slug = at.uniqueName('renamed');
      await at.admin.call('updateChannel', { params: { channelId: channel.id }, body: { slug } });
      expect(await codeOf({ key: secret, channel: slug })).toBe('valid');
      const problem = await at.admin.refuse('verify', { body: { key: secret, channel: channel.slug } });
      expect(problem).toMatchObject({ status: 400, errors: [{ path: 'channel' }] });
    });

    test('400 for a channel that does not exist, also where the key is no good', async () => {
      const { secret } = await at.createKey((await at.createProject()).id);
      for (const key of [secret, 'malformed', generateSecret('kw').reveal()]) {
        for (const channel of ['no-such', 'chn_01m7xyb2qmrg3t40v4k6p7t5jv', 'NO-SUCH', "' OR 1=1 --", '%']) {
          const problem = await at.admin.refuse('verify', { body: { key, channel } });
          expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: 'channel' }] });
        }
      }
    });
  });

  describe('ip_denied', () => {
    const cases: [string[], string[], string[]][] = [
      [
        ['192.0.2.7'],
        ['192.0.2.7', '::ffff:192.0.2.7', '::FFFF:c000:207'],
        ['192.0.2.8', '::1', '192.0.2.70'],
      ],
      [
        ['10.0.0.0/8'],
        ['10.0.0.0', '10.255.255.255', '::ffff:10.1.2.3'],
        ['11.0.0.0', '9.255.255.255', '::a00:1'],
      ],
      [['10.1.2.3/8'], ['10.9.9.9'], ['11.1.2.3']],
      [['0.0.0.0/0'], ['1.2.3.4', '255.255.255.255', '::ffff:1.2.3.4'], ['2001:db8::1']],
      [
        ['2001:db8::/32'],
        ['2001:db8::1', '2001:0DB8:0:0:0:0:0:1', '2001:db8:ffff::'],
        ['2001:db9::1', '1.2.3.4'],
      ],
      [['2001:db8::1'], ['2001:db8:0:0::1'], ['2001:db8::2', '::1']],
      [['::ffff:10.0.0.0/104'], ['10.9.9.9', '::ffff:10.0.0.1'], ['11.0.0.0']],
      [['::/0'], ['2001:db8::1', '::'], []],
      [
        ['192.0.2.0/31', '198.51.100.5', '2001:db8::/127'],
        ['192.0.2.1', '198.51.100.5', '2001:db8::1'],
        ['192.0.2.2'],
      ],
    ];
    test.each(cases)('%j', async (ipAllow, good, bad) => {
      const { id } = await at.createProject();
      const { secret } = await at.createKey(id, { ipAllow });
      for (const ip of good) expect(await codeOf({ key: secret, ip }), ip).toBe('valid');
      for (const ip of bad) expect(await codeOf({ key: secret, ip }), ip).toBe('ip_denied');
      expect(await codeOf({ key: secret })).toBe('ip_denied');
    });

    test('without a list every address is good, and none is needed', async () => {
      const { secret } = await at.createKey((await at.createProject()).id);
      for (const ip of ['1.2.3.4', '::1']) expect(await codeOf({ key: secret, ip })).toBe('valid');
      expect(await codeOf({ key: secret })).toBe('valid');
    });

    test.each([
      '',
      'localhost',
      '1.2.3',
      '1.2.3.256',
      '01.2.3.4',
      '10.0.0.0/8',
      '::1%eth0',
      '1.2.3.4:80',
      '[::1]',
    ])('400 for the address %j', async (ip) => {
      const problem = await at.admin.refuse('verify', { body: { key: 'x', ip } });
      expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: 'ip' }] });
    });

    test.each([
      '10.0.0.0/33',
      '10.0.0.0/-1',
      '10.0.0.0/',
      '::/129',
      '2001:db8::/1.5',
      '10.0.0.0/8/8',
      '*',
      '::1%lo',
    ])('400 for the range %j in a key', async (range) => {
      const { id: projectId } = await at.createProject();
      const problem = await at.admin.refuse('createKey', {
        params: { projectId },
        body: { ipAllow: [range] },
      });
      expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: 'ipAllow.0' }] });
    });
  });

  describe('insufficient_scope', () => {
    test('all that are asked for are needed; a star at the end covers what begins so', async () => {
      const { id } = await at.createProject();
      const { secret: key } = await at.createKey(id, { scopes: ['orders:read', 'mail:*', 'a*b'] });
      for (const scopes of [
        ['orders:read'],
        ['orders:read', 'mail:send'],
        ['mail:'],
        ['mail:*'],
        ['a*b'],
        [],
      ]) {
        expect(await codeOf({ key, scopes }), scopes.join()).toBe('valid');
      }
      for (const scopes of [
        ['orders:write'],
        ['orders:read', 'x'],
        ['orders'],
        ['orders:read2'],
        ['mail'],
        ['axb'],
        ['*'],
      ]) {
        expect(await codeOf({ key, scopes }), scopes.join()).toBe('insufficient_scope');
      }
      const { secret: all } = await at.createKey(id, { scopes: ['*'] });
      expect(await codeOf({ key: all, scopes: ['anything', 'at:all'] })).toBe('valid');
      const { secret: none } = await at.createKey(id);
      expect(await codeOf({ key: none, scopes: ['x'] })).toBe('insufficient_scope');
    });
  });

  describe('the codes’ order', () => {
    test('each reason gives way to the one before it, from the last to the first', async () => {
      const { id } = await at.createProject();
      const [own, other] = [await at.createChannel(id), await at.createChannel(id)];
      const { key, secret } = await at.createKey(id, {
        channelId: own.id,
        ipAllow: ['10.0.0.0/8'],
        scopes: ['a'],
        expiresAt: new Date(Date.now() + 2000).toISOString(),
      });
      const params = { keyId: key.id };
      const seen: string[] = [];
      const ask = async (changes: Partial<Body> = {}) => {
        const answer = await verify({
          key: secret,
          channel: own.slug,
          ip: '10.0.0.1',
          scopes: ['a'],
          ...changes,
        });
        seen.push(answer.code);
      };
      await ask();
      await ask({ scopes: ['b'] });
      await ask({ scopes: ['b'], ip: '11.0.0.1' });
      await ask({ scopes: ['b'], ip: '11.0.0.1', channel: other.slug });
      const worst = { scopes: ['b'], ip: '11.0.0.1', channel: other.slug };
      await expect.poll(() => codeOf({ key: secret, ...worst }), { timeout: 5000 }).toBe('expired');
      await ask(worst);
      await at.admin.call('deactivateKey', { params });
      await ask(worst);
      await at.admin.call('revokeKey', { params });
      await ask(worst);
      await at.admin.call('deleteKey', { params });
      await ask(worst);
      seen.push(await codeOf({ key: secret.slice(1), ...worst }));
      const inOrder = [...verifyCodes].filter((code) => code !== 'rate_limited' && code !== 'quota_exceeded');
      expect(seen).toEqual(['valid', ...inOrder.reverse()]);
    });

    test('refusals show whose key it was, but for malformed and not_found', async () => {
      const { id } = await at.createProject();
      const { key, secret } = await at.createKey(id, { ipAllow: ['10.0.0.0/8'] });
      const answer = await verify({ key: secret, ip: '11.0.0.1' });
      expect(answer).toMatchObject({ valid: false, code: 'ip_denied', key: { id: key.id, projectId: id } });
      expect(answer).not.toHaveProperty('limits');
    });
  });

  describe('400', () => {
    const secret = generateSecret('kw').reveal();
    test.each<[string, unknown]>([
      ['nothing to verify', {}],
      ['only the public half', { publicId: 'x' }],
      ['only the secret half', { secret }],
      ['a token and a pair', { key: secret, publicId: 'x', secret }],
      ['a token and a public id', { key: secret, publicId: 'x' }],
      ['a token and a secret', { key: secret, secret }],
      ['null for a key', { key: null }],
      ['a list of keys', { key: [secret] }],
      ['an object for a key', { key: { $ne: null } }],
      ['a number for a key', { key: 7 }],
      ['a negative cost', { key: secret, cost: -1 }],
      ['half a cost', { key: secret, cost: 0.5 }],
      ['a cost over a million', { key: secret, cost: 1_000_001 }],
      ['a cost in a string', { key: secret, cost: '1' }],
      ['a scope that is none', { key: secret, scopes: ['A b'] }],
      ['a scope twice', { key: secret, scopes: ['a', 'a'] }],
      ['101 scopes', { key: secret, scopes: Array.from({ length: 101 }, (_, i) => `s${i}`) }],
      ['scopes in a string', { key: secret, scopes: 'a' }],
      ['an empty channel', { key: secret, channel: '' }],
      ['a list of channels', { key: secret, channel: ['a'] }],
      ['a long channel', { key: secret, channel: 'a'.repeat(201) }],
      ['a NUL in the channel', { key: secret, channel: 'a\0b' }],
      ['a lone surrogate in the channel', { key: secret, channel: '\ud800' }],
      ['a user agent that is none', { key: secret, userAgent: 7 }],
      [
        'a user agent that is longer than a request’s head may be',
        { key: secret, userAgent: 'x'.repeat(16_385) },
      ],
      ['an unknown field', { key: secret, channelId: 'x' }],
      ['a list as body', [{ key: secret }]],
    ])('%s', async (_, body) => {
      const problem = await at.admin.refuse('verify', { body });
      expect(problem).toMatchObject({ status: 400, code: 'validation_failed' });
      expect(problem.errors?.length).toBeGreaterThan(0);
      expect(JSON.stringify(problem)).not.toContain(secret);
      const inBatch = await at.admin.refuse('verifyBatch', { body: { requests: [{ key: secret }, body] } });
      expect(
        inBatch.errors?.every(({ path }) => path === 'requests.1' || path.startsWith('requests.1.')),
      ).toBe(true);
    });
  });

  describe('batch', () => {
    test('answers in order, each with an id of its own, as a single one would', async () => {
      const { id } = await at.createProject();
      const keys = await Promise.all(Array.from({ length: 30 }, () => at.createKey(id)));
      await Promise.all(
        keys
          .filter((_, i) => i % 3 === 0)
          .map(({ key }) => at.admin.call('revokeKey', { params: { keyId: key.id } })),
      );
      const requests = [
        ...keys.map(({ secret }) => ({ key: secret })),
        { key: 'x' },
        { key: generateSecret('kw').reveal() },
      ];
      for (let warm = 0; warm < 2; warm++) {
        const headers = { 'X-Request-Id': 'batch-1' };
        const { results } = await at.admin.call('verifyBatch', { body: { requests }, headers });
        expect(results.map(({ code, key }) => [code, key?.id])).toEqual([
          ...keys.map(({ key }, i) => [i % 3 === 0 ? 'revoked' : 'valid', key.id]),
          ['malformed', undefined],
          ['not_found', undefined],
        ]);
        expect(results.map(({ requestId }) => requestId)).toEqual(requests.map((_, i) => `batch-1.${i}`));
        const [first] = results;
        expect({ ...(await verify(requests[0] ?? {})), requestId: '' }).toEqual({ ...first, requestId: '' });
      }
    });

    test('the same key many times, and pairs between tokens', async () => {
      const { publicId, secret } = await createPair();
      const token = await at.createKey((await at.createProject()).id);
      const pair = { publicId, secret };
      const requests = [
        pair,
        { key: secret },
        { key: token.secret },
        pair,
        { publicId, secret: token.secret },
      ];
      const { results } = await at.admin.call('verifyBatch', { body: { requests } });
      expect(results.map(({ code }) => code)).toEqual(['valid', 'not_found', 'valid', 'valid', 'not_found']);
    });

    test('1 and 100 requests are taken, 0 and 101 are not', async () => {
      const { secret } = await at.createKey((await at.createProject()).id);
      for (const count of [1, 100]) {
        const requests = Array.from({ length: count }, () => ({ key: secret }));
        const { results } = await at.admin.call('verifyBatch', { body: { requests } });
        expect(results.filter(({ valid }) => valid)).toHaveLength(count);
      }
      for (const count of [0, 101]) {
        const requests = Array.from({ length: count }, () => ({ key: secret }));
        const problem = await at.admin.refuse('verifyBatch', { body: { requests } });
        expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: 'requests' }] });
      }
    });

    test('unknown channels are told by their places, and then nothing is answered', async () => {
      const { secret: key } = await at.createKey((await at.createProject()).id);
      const requests = [{ key }, { key, channel: 'no-such' }, { key: 'x', channel: 'nor-this' }];
      const problem = await at.admin.refuse('verifyBatch', { body: { requests } });
      expect(problem).toMatchObject({ status: 400, code: 'validation_failed' });
      expect(problem.errors?.map(({ path }) => path)).toEqual(['requests.1.channel', 'requests.2.channel']);
    });

    test('each is held to the service key’s project', async () => {
      const [own, other] = [await at.createProject(), await at.createProject()];
      const caller = await at.createServiceKey(own.id, ['verify']);
      const keys = [await at.createKey(own.id), await at.createKey(other.id)];
      const requests = keys.map(({ secret }) => ({ key: secret }));
      const { results } = await caller.call('verifyBatch', { body: { requests } });
      expect(results.map(({ code }) => code)).toEqual(['valid', 'not_found']);
    });
  });

  test('a flood of made-up keys is answered, and real ones stay right', async () => {
    const { secret } = await at.createKey((await at.createProject()).id);
    const requests = () => Array.from({ length: 100 }, () => ({ key: generateSecret('kw').reveal() }));
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => at.admin.call('verifyBatch', { body: { requests: requests() } })),
    );
    for (const { results } of answers)
      expect(new Set(results.map(({ code }) => code))).toEqual(new Set(['not_found']));
    expect(await codeOf({ key: secret })).toBe('valid');
  });
});
