import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { VerifyBody } from '@keywright/contract';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ServiceKeyCaller } from '../domain/caller.ts';
import { generateSecret, hashSecret } from '../keys/secret-format.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { followedRow } from '../testing/fake-ledger.ts';
import { FakeQuotaBank } from '../testing/fake-quota-bank.ts';
import { FakeVerificationStore } from '../testing/fake-verification-store.ts';
import { isSettled, turns } from '../testing/turns.ts';
import { Limiter } from './limiter.ts';
import { MemoryVerifier, type Verdict } from './verify.ts';

const instance: ServiceKeyCaller = {
  type: 'service_key',
  id: 'svc_1',
  name: 'gateway',
  projectId: null,
  scopes: new Set(['verify']),
};
const unlimited = { limits: [], retryAfterSeconds: null };
const notFound = { code: 'not_found', key: null, ...unlimited };
const ofProject = (projectId: string): ServiceKeyCaller => ({ ...instance, projectId });

class Bench {
  readonly store = new FakeVerificationStore();
  readonly clock = new FakeClock();
  readonly bank = new FakeQuotaBank();
  readonly limiter = new Limiter({
    clock: this.clock,
    fence: { isOpen: () => this.isOpen },
    bank: this.bank,
    onLost() {},
  });
  readonly #atStart: number;
  isOpen = true;
  appliedSeq = 0;
  readonly verifier = new MemoryVerifier({
    store: this.store,
    fence: { isOpen: () => this.isOpen },
    clock: this.clock,
    limiter: this.limiter,
    appliedSeq: () => this.appliedSeq,
  });

  constructor() {
    // As at the start, when the follower has found its place: whether there are imported keys is asked here.
    this.verifier.clear();
    this.#atStart = this.store.reads.list().length;
  }

  ask(request: VerifyBody, caller: ServiceKeyCaller = instance): Promise<Verdict> {
    return Promise.resolve(this.verifier.verify(request, caller));
  }

  async code(request: VerifyBody, caller: ServiceKeyCaller = instance): Promise<string> {
    return (await this.ask(request, caller)).code;
  }

  apply(action: string, subjectType: string, subjectId: string): void {
    const row = followedRow(this.appliedSeq + 1, { action, subjectType, subjectId });
    this.verifier.apply(row);
    this.limiter.apply(row);
    this.appliedSeq = row.seq;
  }

  get loads(): number {
    return this.store.reads.list().length - this.#atStart;
  }
}

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

describe('what no key can be', () => {
  const good = generateSecret('kw').reveal();
  const last = good.at(-1) === 'a' ? 'b' : 'a';

  test.each<[string, string]>([
    ['nothing', ''],
    ['a word', 'hello'],
    ['a key with a typing error', good.slice(0, -1) + last],
    ['a key that was cut off', good.slice(0, -1)],
    ['a key with a space', `${good} `],
    ['NULs', '\0'.repeat(64)],
    ['emoji', '😀'.repeat(32)],
    ['lone surrogates', '\udc00'.repeat(64)],
    ['SQL', `' OR 1=1 --${'x'.repeat(53)}`],
    ['a megabyte', 'x'.repeat(1_048_576)],
  ])('%s is malformed at once, for no hash and no load', (_, key) => {
    const bench = new Bench();
    bench.store.channels = [{ id: 'chn_1', projectId: 'prj_1', slug: 'orders' }];
    bench.verifier.verify({ key: '', channel: 'orders' }, instance);
    const loads = bench.loads;
    const hash = vi.spyOn(crypto, 'hash');
    syncBuiltinESMExports();
    const malformed = { code: 'malformed', key: null, ...unlimited };
    expect(bench.verifier.verify({ key }, instance)).toEqual(malformed);
    expect(bench.verifier.verify({ key, channel: 'orders' }, instance)).toEqual(malformed);
    expect(bench.verifier.verify({ publicId: 'kw_pk_1', secret: key }, instance)).toEqual(malformed);
    expect(hash).not.toHaveBeenCalled();
    expect(bench.loads).toBe(loads);
    // The spy does see a hash when there is one.
    bench.verifier.verify({ key: good }, instance);
    expect(hash).toHaveBeenCalledOnce();
  });

  test('a right checksum and nothing else is not found', async () => {
    const bench = new Bench();
    expect(await bench.ask({ key: good })).toEqual(notFound);
  });
});

describe('a token', () => {
  test('passes', async () => {
    const bench = new Bench();
    const key = bench.store.addKey({ id: 'key_1' });
    expect(await bench.ask({ key })).toEqual({
      code: 'valid',
      key: expect.objectContaining({ id: 'key_1' }),
      ...unlimited,
    });
  });

  test('is no secret of a pair', async () => {
    const bench = new Bench();
    const secret = bench.store.addKey();
    expect(await bench.ask({ publicId: 'kw_pk_1', secret })).toEqual(notFound);
    expect(await bench.ask({ publicId: '', secret })).toEqual(notFound);
  });

  test('stays one, also when a public id is left over from somewhere', async () => {
    const bench = new Bench();
    const key = bench.store.addKey({ format: 'token', publicId: 'kw_pk_1' });
    expect(await bench.code({ key })).toBe('valid');
    expect(await bench.code({ publicId: 'kw_pk_1', secret: key })).toBe('not_found');
  });
});

describe('a pair', () => {
  const publicId = 'kw_pk_AbCdEfGhIjKlMnOpQrStUv';

  test('passes with both halves', async () => {
    const bench = new Bench();
    const secret = bench.store.addKey({ format: 'pair', publicId });
    expect(await bench.code({ publicId, secret })).toBe('valid');
  });

  test.each([
    ['one character is another', 'kw_pk_AbCdEfGhIjKlMnOpQrStUw'],
    ['one character is missing', publicId.slice(0, -1)],
    ['there is one too many', `${publicId}x`],
    ['the case is wrong', publicId.toUpperCase()],
    ['there is a space', ` ${publicId}`],
    ['there is a NUL', `${publicId}\0`],
    ['it is empty', ''],
    ['it has as many bytes', 'é'.repeat(14)],
    ['it has as many characters', '\ud800'.repeat(28)],
    ['it is long', 'x'.repeat(1_048_576)],
  ])('of which the public id is wrong (%s) is not found, and nothing of it is told', async (_, wrong) => {
    const bench = new Bench();
    const secret = bench.store.addKey({ format: 'pair', publicId });
    expect(await bench.ask({ publicId: wrong, secret })).toEqual(notFound);
    expect(await bench.ask({ publicId: wrong, secret })).toEqual(notFound);
  });

  test('with another pair’s secret is not found', async () => {
    const bench = new Bench();
    bench.store.addKey({ id: 'key_1', format: 'pair', publicId });
    const secret = bench.store.addKey({ id: 'key_2', format: 'pair', publicId: 'kw_pk_another' });
    expect(await bench.code({ publicId, secret })).toBe('not_found');
  });

  test('’s secret is no token', async () => {
    const bench = new Bench();
    const key = bench.store.addKey({ format: 'pair', publicId });
    expect(await bench.ask({ key })).toEqual(notFound);
  });

  test('that is revoked says so to both halves only', async () => {
    const bench = new Bench();
    const secret = bench.store.addKey({ format: 'pair', publicId, status: 'revoked' });
    expect(await bench.code({ publicId, secret })).toBe('revoked');
    expect(await bench.code({ publicId: 'kw_pk_x', secret })).toBe('not_found');
  });
});

describe('who asks', () => {
  test('sees the keys of its project only, warm or cold', async () => {
    const bench = new Bench();
    const key = bench.store.addKey({ projectId: 'prj_1' });
    expect(await bench.ask({ key }, ofProject('prj_2'))).toEqual(notFound);
    expect(await bench.code({ key }, ofProject('prj_1'))).toBe('valid');
    expect(bench.verifier.verify({ key }, ofProject('prj_2'))).toEqual(notFound);
    expect(await bench.code({ key }, instance)).toBe('valid');
  });

  test('learns nothing of another project’s dead keys either', async () => {
    const bench = new Bench();
    const key = bench.store.addKey({ projectId: 'prj_1', status: 'revoked' });
    expect(await bench.ask({ key }, ofProject('prj_2'))).toEqual(notFound);
  });
});

describe('a channel', () => {
  const channels = [
    { id: 'chn_1', projectId: 'prj_1', slug: 'orders' },
    { id: 'chn_2', projectId: 'prj_1', slug: 'users' },
    { id: 'chn_3', projectId: 'prj_2', slug: 'elsewhere' },
  ];

  test.each(['at once', 'soon'] as const)('is asked for by id or slug, %s', async (pace) => {
    const bench = new Bench();
    bench.store.reads.pace = pace;
    bench.store.channels = channels;
    const key = bench.store.addKey({ channelId: 'chn_1' });
    for (const channel of ['orders', 'chn_1', 'orders'])
      expect(await bench.code({ key, channel })).toBe('valid');
    for (const channel of ['users', 'chn_2', 'elsewhere']) {
      expect(await bench.code({ key, channel })).toBe('wrong_channel');
    }
    expect(await bench.code({ key })).toBe('valid');
  });

  test.each(['at once', 'soon'] as const)(
    'that is not there is an error, whatever the key, %s',
    async (pace) => {
      const bench = new Bench();
      bench.store.reads.pace = pace;
      const key = bench.store.addKey();
      const refused = expect.objectContaining({
        code: 'validation_failed',
        errors: [{ path: 'channel', message: expect.any(String) }],
      });
      await expect(async () => bench.verifier.verify({ key, channel: 'nowhere' }, instance)).rejects.toEqual(
        refused,
      );
      await expect(async () =>
        bench.verifier.verify({ key: '', channel: 'nowhere' }, instance),
      ).rejects.toEqual(refused);
    },
  );

  test('of another project is not there for who asks for one project', async () => {
    const bench = new Bench();
    bench.store.channels = channels;
    const key = bench.store.addKey();
    const ask = (channel: string) => async () => bench.verifier.verify({ key, channel }, ofProject('prj_1'));
    const message = async (channel: string) => {
      const error = await ask(channel)().catch((caught: unknown) => caught);
      return String(error);
    };
    await expect(ask('elsewhere')).rejects.toEqual(expect.objectContaining({ code: 'validation_failed' }));
    expect(await message('elsewhere')).toBe(await message('nowhere'));
  });

  test('whose row was applied is asked for again', async () => {
    const bench = new Bench();
    bench.store.channels = channels;
    const key = bench.store.addKey({ channelId: 'chn_1' });
    expect(await bench.code({ key, channel: 'orders' })).toBe('valid');
    bench.store.channels = [];
    bench.apply('channel.deleted', 'channel', 'chn_1');
    await expect(async () => bench.verifier.verify({ key, channel: 'orders' }, instance)).rejects.toThrow();
  });

  test('a key that is warm for one is refused at another', async () => {
    const bench = new Bench();
    bench.store.channels = channels;
    const key = bench.store.addKey({ channelId: 'chn_1' });
    expect(await bench.code({ key, channel: 'orders' })).toBe('valid');
    expect(bench.verifier.verify({ key, channel: 'orders' }, instance)).toEqual(
      expect.objectContaining({ code: 'valid' }),
    );
    expect(await bench.code({ key, channel: 'users' })).toBe('wrong_channel');
  });
});

describe('a key', () => {
  test('that is revoked is refused from the moment at which its row is applied', async () => {
    const bench = new Bench();
    const key = bench.store.addKey();
    expect(await bench.code({ key })).toBe('valid');
    bench.store.changeKey('key_1', { status: 'revoked' });
    bench.apply('key.revoked', 'key', 'key_1');
    expect(await bench.ask({ key })).toEqual({
      code: 'revoked',
      key: expect.objectContaining({ id: 'key_1' }),
      ...unlimited,
    });
  });

  test('that was rotated has two secrets until the old one retires, and then says that it is revoked', async () => {
    const bench = new Bench();
    const previous = bench.store.addKey();
    expect(await bench.code({ key: previous })).toBe('valid');
    bench.store.changeKey('key_1', { retiresAt: bench.clock.now() + 1000 });
    const current = bench.store.addKey();
    bench.apply('key.rotated', 'key', 'key_1');
    expect([await bench.code({ key: previous }), await bench.code({ key: current })]).toEqual([
      'valid',
      'valid',
    ]);
    bench.clock.pass(999);
    expect(await bench.code({ key: previous })).toBe('valid');
    bench.clock.pass(1);
    expect([await bench.code({ key: previous }), await bench.code({ key: current })]).toEqual([
      'revoked',
      'valid',
    ]);
    expect(bench.loads).toBe(3);
  });

  test('expires in memory without a row', async () => {
    const bench = new Bench();
    const key = bench.store.addKey({ expiresAt: bench.clock.now() + 1000 });
    expect(await bench.code({ key })).toBe('valid');
    bench.clock.pass(1000);
    expect(bench.verifier.verify({ key }, instance)).toEqual(expect.objectContaining({ code: 'expired' }));
  });

  test('is judged by the time at which its load ended', async () => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    const key = bench.store.addKey({ expiresAt: bench.clock.now() + 1000 });
    const asked = bench.ask({ key });
    await turns();
    bench.clock.pass(1000);
    bench.store.reads.last().pass();
    expect((await asked).code).toBe('expired');
  });

  test('that is deleted is not found', async () => {
    const bench = new Bench();
    const key = bench.store.addKey();
    expect(await bench.code({ key })).toBe('valid');
    bench.store.deleteKey('key_1');
    bench.apply('key.deleted', 'key', 'key_1');
    expect(await bench.ask({ key })).toEqual(notFound);
  });

  test('of a project that is deleted is not found', async () => {
    const bench = new Bench();
    const key = bench.store.addKey();
    expect(await bench.code({ key })).toBe('valid');
    bench.store.keys = [];
    bench.apply('project.deleted', 'project', 'prj_1');
    expect(await bench.code({ key })).toBe('not_found');
  });

  test('is judged by scopes and addresses as they are asked for', async () => {
    const bench = new Bench();
    const key = bench.store.addKey({ scopes: ['orders:*'], ipAllow: ['10.0.0.0/8'] });
    expect(await bench.code({ key, ip: '10.1.2.3', scopes: ['orders:read'] })).toBe('valid');
    expect(await bench.code({ key, ip: '10.1.2.3', scopes: ['users:read'] })).toBe('insufficient_scope');
    expect(await bench.code({ key, ip: '11.1.2.3', scopes: ['users:read'] })).toBe('ip_denied');
    expect(await bench.code({ key })).toBe('ip_denied');
  });
});

test('a hit is answered at once, and a miss with a promise', async () => {
  const bench = new Bench();
  bench.store.channels = [{ id: 'chn_1', projectId: 'prj_1', slug: 'orders' }];
  const key = bench.store.addKey();
  const miss = bench.verifier.verify({ key, channel: 'orders' }, instance);
  expect(miss).toBeInstanceOf(Promise);
  await miss;
  expect(bench.verifier.verify({ key, channel: 'orders' }, instance)).not.toBeInstanceOf(Promise);
  expect(bench.verifier.verify({ key: generateSecret('kw').reveal() }, instance)).toBeInstanceOf(Promise);
  expect(bench.verifier.statistics).toEqual(expect.objectContaining({ size: 1, hits: 1 }));
});

test('everything is asked for again when everything was forgotten', async () => {
  const bench = new Bench();
  bench.store.channels = [{ id: 'chn_1', projectId: 'prj_1', slug: 'orders' }];
  const key = bench.store.addKey();
  await bench.ask({ key, channel: 'orders' });
  const before = bench.store.reads.list().length;
  bench.verifier.clear();
  expect(await bench.code({ key, channel: 'orders' })).toBe('valid');
  expect(
    bench.store.reads
      .list()
      .slice(before)
      .map(({ what }) => what),
  ).toEqual(['imports', 'channel', 'keys']);
});

describe('once keys were imported', () => {
  const importKey = (bench: Bench, secret: string) => {
    bench.store.addKey({ id: 'key_1', hash: hashSecret(secret) });
    bench.apply('key.imported', 'key', 'key_1');
  };

  test.each([
    ['eight characters', 'hunter22'],
    ['512 characters', '~'.repeat(512)],
    ['spaces and signs', ' !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~ '],
    ['the form of our own with a wrong checksum', `kw_${'a'.repeat(61)}`],
  ])('a secret of %s passes, and is remembered', async (_, secret) => {
    const bench = new Bench();
    expect(await bench.code({ key: secret })).toBe('malformed');
    importKey(bench, secret);
    expect(await bench.code({ key: secret })).toBe('valid');
    const { loads } = bench;
    expect(await bench.code({ key: secret })).toBe('valid');
    expect(bench.loads).toBe(loads);
  });

  test.each([
    ['seven characters', 'hunter2'],
    ['513 characters', '~'.repeat(513)],
    ['what is not printable', 'hunter2\u001b'],
    ['what is not ASCII', 'hünter22'],
    ['a line end', 'hunter22\n'],
  ])('%s stay malformed, for no load', async (_, secret) => {
    const bench = new Bench();
    importKey(bench, secret);
    const { loads } = bench;
    expect(await bench.code({ key: secret })).toBe('malformed');
    expect(bench.loads).toBe(loads);
  });

  test('an imported secret is a token, not one half of a pair', async () => {
    const bench = new Bench();
    importKey(bench, 'hunter22');
    expect(await bench.code({ publicId: 'kw_pk_1', secret: 'hunter22' })).toBe('malformed');
  });

  test('what was looked for before the import in vain is found after it', async () => {
    const bench = new Bench();
    importKey(bench, 'hunter22');
    expect(await bench.code({ key: 'hunter23' })).toBe('not_found');
    bench.store.addKey({ id: 'key_2', hash: hashSecret('hunter23') });
    bench.apply('key.imported', 'key', 'key_2');
    expect(await bench.code({ key: 'hunter23' })).toBe('valid');
  });

  test('a flood of made-up strings costs a load each, and evicts no key', async () => {
    const bench = new Bench();
    importKey(bench, 'hunter22');
    await bench.ask({ key: 'hunter22' });
    for (let i = 0; i < 300_000; i += 5000) {
      await Promise.all(Array.from({ length: 5000 }, (_, j) => bench.ask({ key: `made up ${i + j}` })));
    }
    expect(bench.verifier.statistics.size).toBe(1);
    expect(bench.verifier.verify({ key: 'hunter22' }, instance)).not.toBeInstanceOf(Promise);
  });
});

test('past the fence every question goes to the database', async () => {
  const bench = new Bench();
  const key = bench.store.addKey();
  await bench.ask({ key });
  bench.isOpen = false;
  bench.store.changeKey('key_1', { status: 'revoked' });
  expect(await bench.code({ key })).toBe('revoked');
  bench.store.reads.failure = new Error('gone');
  await expect(bench.ask({ key })).rejects.toThrow('gone');
});

test('what cannot be told is an error, never a code', async () => {
  const bench = new Bench();
  bench.store.reads.failure = new Error('gone');
  const key = bench.store.addKey();
  await expect(bench.ask({ key })).rejects.toThrow('gone');
  bench.store.reads.failure = null;
  expect(await bench.code({ key })).toBe('valid');
});

describe('a key with limits', () => {
  const quota = { limit: 2, period: 'total' } as const;

  function withQuota(): { bench: Bench; key: string } {
    const bench = new Bench();
    const key = bench.store.addKey({ id: 'key_1', quota });
    bench.bank.set('key_1', quota);
    return { bench, key };
  }

  test('is charged once for each request that passes, on a hit and on a miss', async () => {
    const { bench, key } = withQuota();
    expect([await bench.code({ key }), await bench.code({ key }), await bench.code({ key })]).toEqual([
      'valid',
      'valid',
      'quota_exceeded',
    ]);
  });

  test('is answered at once as long as something is held, and when it is known that nothing is left', async () => {
    const { bench, key } = withQuota();
    await bench.ask({ key, cost: 0 });
    expect(bench.verifier.verify({ key, cost: 0 }, instance)).toMatchObject({ code: 'valid' });
    await bench.ask({ key, cost: 2 });
    expect(bench.verifier.verify({ key }, instance)).toMatchObject({ code: 'quota_exceeded' });
  });

  test('is judged anew after it was waited for', async () => {
    const { bench, key } = withQuota();
    bench.bank.isHeld = true;
    const asked = bench.code({ key });
    await turns(5);
    bench.store.changeKey('key_1', { status: 'revoked' });
    bench.apply('key.revoked', 'key', 'key_1');
    bench.bank.isHeld = false;
    bench.bank.last().pass();
    expect(await asked).toBe('revoked');
    await turns(3);
    expect(bench.bank.stateOf('key_1').used).toBe(0);
  });

  test('passes past the fence too, and is charged', async () => {
    const { bench, key } = withQuota();
    bench.isOpen = false;
    expect([await bench.code({ key }), await bench.code({ key }), await bench.code({ key })]).toEqual([
      'valid',
      'valid',
      'quota_exceeded',
    ]);
  });

  test('that is changed without end is unavailable in the end', async () => {
    const { bench, key } = withQuota();
    bench.bank.isHeld = true;
    const asked = bench.ask({ key }).catch((error: unknown) => error);
    while (!(await isSettled(asked))) {
      bench.apply('key.updated', 'key', 'key_1');
      for (const call of bench.bank.calls) call.pass();
    }
    expect(await asked).toMatchObject({ code: 'unavailable', detail: 'The key is changed all the time.' });
  });
});

describe('what was let through', () => {
  const passed = { channelId: 'chn_1', ip: '10.0.0.1', scopesAt: () => ['a'] };
  const limits = { rateLimits: [{ name: 'few', limit: 1, windowSeconds: 60 }] };

  async function letThrough(bench: Bench) {
    bench.store.channels = [{ id: 'chn_1', projectId: 'prj_1', slug: 'orders' }];
    const given = { id: 'key_1', channelId: 'chn_1', scopes: ['a'], ipAllow: ['10.0.0.0/8'], ...limits };
    const hash = hashSecret(bench.store.addKey(given));
    const still = async (changes: Partial<typeof passed> = {}) =>
      Boolean(await bench.verifier.stillPasses({ hash, ...passed, ...changes }));
    expect(await still()).toBe(true);
    const apply = (subjectType: string, subjectId: string) => {
      bench.appliedSeq++;
      bench.verifier.apply(
        followedRow(bench.appliedSeq, { action: `${subjectType}.updated`, subjectType, subjectId }),
      );
    };
    return { still, apply };
  }

  test('goes on, and is charged nothing for it', async () => {
    const bench = new Bench();
    const { still } = await letThrough(bench);
    for (let time = 0; time < 5; time++) expect(await still()).toBe(true);
  });

  test.each<[string, Parameters<FakeVerificationStore['changeKey']>[1]]>([
    ['is revoked', { status: 'revoked' }],
    ['is switched off', { status: 'inactive' }],
    ['expires', { expiresAt: 1 }],
    ['loses a scope', { scopes: ['b'] }],
    ['is no longer good from there', { ipAllow: ['192.0.2.1'] }],
    ['is of another channel', { channelId: 'chn_2' }],
  ])('ends when the key %s', async (_, change) => {
    const bench = new Bench();
    const { still, apply } = await letThrough(bench);
    bench.store.changeKey('key_1', change);
    apply('key', 'key_1');
    expect(await still()).toBe(false);
  });

  test('ends when the key or the channel is deleted', async () => {
    const bench = new Bench();
    const { still, apply } = await letThrough(bench);
    bench.store.channels = [];
    apply('channel', 'chn_1');
    expect(await still()).toBe(false);
    const other = new Bench();
    const { still: stillThere, apply: applyThere } = await letThrough(other);
    other.store.deleteKey('key_1');
    applyThere('key', 'key_1');
    expect(await stillThere()).toBe(false);
  });

  test('and is asked as it was: with its address, its scopes and its channel', async () => {
    const { still } = await letThrough(new Bench());
    expect(await still({ ip: '192.0.2.1' })).toBe(false);
    expect(await still({ scopesAt: () => ['b'] })).toBe(false);
    expect(await still({ channelId: 'chn_9' })).toBe(false);
  });
});
