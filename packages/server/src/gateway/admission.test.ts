import { type ChannelGateway, credentialKinds, defaultChannelGateway } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { generatePublicId, generateSecret } from '../keys/secret-format.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { followedRow } from '../testing/fake-ledger.ts';
import { FakeQuotaBank } from '../testing/fake-quota-bank.ts';
import { FakeVerificationStore } from '../testing/fake-verification-store.ts';
import { Limiter } from '../verification/limiter.ts';
import { UsageMeter } from '../verification/usage-meter.ts';
import type { LoadedKey } from '../verification/verification-store.ts';
import { MemoryVerifier } from '../verification/verify.ts';
import {
  type Admission,
  createAdmission,
  type Denial,
  type GatewayRequest,
  type Passage,
} from './admission.ts';

class Bench {
  readonly store = new FakeVerificationStore();
  readonly clock = new FakeClock();
  readonly bank = new FakeQuotaBank();
  appliedSeq = 0;
  readonly verifier = new MemoryVerifier({
    store: this.store,
    fence: { isOpen: () => true },
    clock: this.clock,
    limiter: new Limiter({ clock: this.clock, fence: { isOpen: () => true }, bank: this.bank, onLost() {} }),
    appliedSeq: () => this.appliedSeq,
  });
  readonly meter = new UsageMeter({ verifier: this.verifier, clock: this.clock });
  readonly admit = createAdmission({ verifier: this.meter, channels: this.verifier });

  constructor(gateway: Partial<ChannelGateway> = {}) {
    this.verifier.clear();
    this.setGateway(gateway);
  }

  setGateway(gateway: Partial<ChannelGateway>): void {
    this.store.channels = [
      { id: 'chn_1', projectId: 'prj_1', slug: 'orders', gateway: { ...defaultChannelGateway, ...gateway } },
      { id: 'chn_2', projectId: 'prj_2', slug: 'others' },
    ];
    this.appliedSeq++;
    const row = { action: 'channel.updated', subjectType: 'channel', subjectId: 'chn_1' };
    this.verifier.apply(followedRow(this.appliedSeq, row));
  }

  addKey(given: Partial<LoadedKey> = {}): string {
    return this.store.addKey({ channelId: 'chn_1', ...given });
  }

  async ask(request: Partial<GatewayRequest> = {}): Promise<Admission> {
    return this.admit({
      channel: 'orders',
      door: 'forward_auth',
      requestId: 'req_1',
      method: 'GET',
      path: '/',
      search: '',
      rawHeaders: [],
      isPreflight: false,
      ip: null,
      userAgent: null,
      ...request,
    });
  }

  async with(key: string, request: Partial<GatewayRequest> = {}): Promise<Admission> {
    return this.ask({ rawHeaders: ['X-API-Key', key], ...request });
  }
}

function passed(admission: Admission): Passage {
  if (admission.outcome !== 'passed') throw new Error(`it is ${JSON.stringify(admission)}`);
  return admission;
}

function denied(admission: Admission): Denial {
  if (admission.outcome !== 'denied') throw new Error(`it is ${admission.outcome}`);
  return admission;
}

describe('a good key', () => {
  test('passes, with the path in its one spelling and the scopes that it took', async () => {
    const bench = new Bench({ scopeRules: [{ method: 'GET', path: '/orders/*', scopes: ['read'] }] });
    const key = bench.addKey({ id: 'key_a', scopes: ['read'] });
    const admission = passed(await bench.with(key, { path: '/%6frders/%c3%a9' }));
    expect(admission).toMatchObject({
      channel: { id: 'chn_1' },
      key: { id: 'key_a' },
      path: '/orders/%C3%A9',
      headers: {},
    });
    expect(admission.scopesAt(admission.channel)).toEqual(['read']);
  });

  test('is decided upon without a promise once memory knows it', async () => {
    const bench = new Bench();
    bench.store.reads.pace = 'soon';
    const request = {
      ...{ channel: 'orders', door: 'gateway', requestId: 'req_1', method: 'GET', path: '/', search: '' },
      ...{ rawHeaders: ['X-API-Key', bench.addKey()], isPreflight: false, ip: null, userAgent: null },
    } satisfies GatewayRequest;
    expect(bench.admit(request)).toBeInstanceOf(Promise);
    await bench.admit(request);
    expect(bench.admit(request)).toMatchObject({ outcome: 'passed' });
  });

  test('of a pair passes as a pair, and by Basic', async () => {
    const bench = new Bench();
    const publicId = generatePublicId('kw');
    const secret = bench.addKey({ format: 'pair', publicId });
    const basic = `Basic ${Buffer.from(`${publicId}:${secret}`).toString('base64')}`;
    for (const rawHeaders of [
      ['X-Key-Id', publicId, 'X-Key-Secret', secret],
      ['Authorization', basic],
    ])
      expect(passed(await bench.ask({ rawHeaders })).key?.publicId).toBe(publicId);
    expect(denied(await bench.with(secret)).code).toBe('not_found');
  });

  test('is found at its channel by id and by slug', async () => {
    const bench = new Bench();
    const key = bench.addKey();
    for (const channel of ['orders', 'chn_1']) passed(await bench.with(key, { channel }));
    expect(await bench.with(key, { channel: 'no-such' })).toEqual({ outcome: 'no_channel' });
  });

  test('tells how its limits stand', async () => {
    const bench = new Bench();
    const key = bench.addKey({ rateLimits: [{ name: 'few', limit: 2, windowSeconds: 60 }] });
    expect(passed(await bench.with(key)).headers).toMatchObject({ RateLimit: '"few";r=1;t=60' });
  });
});

/** How a request comes to be denied, and what it is told. */
const denials: [
  string,
  number,
  (bench: Bench) => Promise<Admission>,
  { isTold?: false; wanted?: Record<string, unknown> }?,
][] = [
  ['malformed', 401, (bench) => bench.ask()],
  ['malformed', 401, (bench) => bench.with('nonsense')],
  ['malformed', 401, (bench) => bench.ask({ search: `api_key=${bench.addKey()}` })],
  [
    'malformed',
    401,
    (bench) => bench.ask({ rawHeaders: ['Authorization', 'Bearer', 'X-API-Key', bench.addKey()] }),
  ],
  ['not_found', 401, (bench) => bench.with(generateSecret('kw').reveal())],
  ['not_found', 401, (bench) => bench.with(bench.addKey({ projectId: 'prj_2', channelId: null }))],
  ['revoked', 401, (bench) => bench.with(bench.addKey({ status: 'revoked' }))],
  ['inactive', 401, (bench) => bench.with(bench.addKey({ status: 'inactive' }))],
  ['expired', 401, (bench) => bench.with(bench.addKey({ expiresAt: bench.clock.now() }))],
  ['wrong_channel', 403, (bench) => bench.with(bench.addKey({ channelId: 'chn_9' }))],
  ['ip_denied', 403, (bench) => bench.with(bench.addKey({ ipAllow: ['10.0.0.0/8'] }), { ip: '192.0.2.1' })],
  ['ip_denied', 403, (bench) => bench.with(bench.addKey({ ipAllow: ['10.0.0.0/8'] }))],
  ['insufficient_scope', 403, (bench) => bench.with(bench.addKey({ scopes: ['b'] }), { path: '/ruled' })],
  ['insufficient_scope', 403, (bench) => bench.with(bench.addKey({ scopes: ['a'] }), { path: '/forgotten' })],
  ['bad_request', 400, (bench) => bench.with(bench.addKey({ scopes: ['*'] }), { path: '/a/../b' })],
];
const scopeRules = [
  { method: '*', path: '/', scopes: [] },
  { method: '*', path: '/ruled', scopes: ['a'] },
];

describe('a denial', () => {
  test.each(denials)('%s is told with %s', async (code, status, provoke) => {
    const denial = denied(await provoke(new Bench({ scopeRules })));
    expect(denial).toMatchObject({ status, code, reason: code });
    expect(denial.headers['WWW-Authenticate'] !== undefined).toBe(status === 401);
    expect(denial.detail).not.toBe('');
  });

  test.each(denials)('%s is a plain 401 where nothing is to be explained', async (code, _, provoke) => {
    const bench = new Bench({ scopeRules, explain: false });
    const denial = denied(await provoke(bench));
    const plain = denied(await new Bench({ scopeRules, explain: false }).with('nonsense'));
    const { reason, ...told } = denial;
    expect(reason).toBe(code);
    expect(told).toEqual({ ...plain, reason: undefined });
    expect(told).toMatchObject({
      status: 401,
      code: null,
      headers: { 'WWW-Authenticate': 'Bearer realm="orders"' },
    });
  });

  test.each([true, false])('for a limit is a 429 with how long to wait, explained: %s', async (explain) => {
    const bench = new Bench({ explain });
    const key = bench.addKey({ rateLimits: [{ name: 'few', limit: 1, windowSeconds: 60 }] });
    passed(await bench.with(key));
    const denial = denied(await bench.with(key));
    expect(denial).toMatchObject({
      status: 429,
      reason: 'rate_limited',
      code: explain ? 'rate_limited' : null,
      headers: { 'Retry-After': '60', RateLimit: '"few";r=0;t=60', 'RateLimit-Policy': '"few";q=1;w=60' },
    });
    expect(denial.headers['WWW-Authenticate']).toBeUndefined();
  });

  test('of a quota that never comes back says no time', async () => {
    const bench = new Bench();
    const quota = { limit: 1, period: 'total' } as const;
    bench.bank.set('key_q', quota);
    const key = bench.addKey({ id: 'key_q', quota });
    passed(await bench.with(key));
    const denial = denied(await bench.with(key));
    expect(denial).toMatchObject({ status: 429, code: 'quota_exceeded' });
    expect(denial.headers['Retry-After']).toBeUndefined();
  });

  test('tells a bearer that it was the wrong one, and who sent none that one is needed', async () => {
    const bench = new Bench();
    const challenge = (admission: Admission) => denied(admission).headers['WWW-Authenticate'];
    expect(challenge(await bench.ask())).toBe('Bearer realm="orders"');
    expect(challenge(await bench.with('nonsense'))).toBe('Bearer realm="orders", error="invalid_token"');
    expect(challenge(await bench.ask({ search: 'api_key=x' }))).toContain('invalid_token');
  });

  test('says what is wrong with how the key was sent', async () => {
    const bench = new Bench();
    const detailOf = async (request: Partial<GatewayRequest>) => denied(await bench.ask(request)).detail;
    expect(await detailOf({})).toContain('carries no key');
    expect(await detailOf({ search: 'api_key=x' })).toContain('in the address');
    expect(await detailOf({ rawHeaders: ['X-API-Key', 'x', 'x-api-key', 'x'] })).toContain('more than one');
  });

  test('uses up nothing', async () => {
    const bench = new Bench({ scopeRules });
    const key = bench.addKey({ rateLimits: [{ name: 'few', limit: 1, windowSeconds: 60 }] });
    for (const path of ['/ruled', '/a/../b']) denied(await bench.with(key, { path }));
    passed(await bench.with(key));
  });
});

describe('another project’s key', () => {
  test('is unknown, also one that is dead, and one whose channel is asked by its id', async () => {
    const bench = new Bench();
    const key = bench.addKey({ projectId: 'prj_2', channelId: 'chn_2', status: 'revoked' });
    for (const channel of ['orders', 'chn_1'])
      expect(denied(await bench.with(key, { channel })).code).toBe('not_found');
    expect(denied(await bench.with(key, { channel: 'others' })).code).toBe('revoked');
  });
});

describe('a preflight', () => {
  const preflight = { isPreflight: true, method: 'OPTIONS' };

  test('passes without a key where it may, whatever rules there are, and counts nothing', async () => {
    const bench = new Bench({ preflight: 'pass', scopeRules: [{ method: '*', path: '/*', scopes: ['a'] }] });
    const admission = passed(await bench.ask({ ...preflight, path: '/%61' }));
    expect(admission).toMatchObject({ key: null, path: '/a', headers: {} });
    expect(admission.scopesAt(admission.channel)).toEqual([]);
    expect(bench.meter.read()).toMatchObject({ counters: [], refusals: [] });
  });

  test('needs a key like every request where it does not', async () => {
    const bench = new Bench();
    expect(denied(await bench.ask(preflight)).status).toBe(401);
    expect(passed(await bench.with(bench.addKey(), preflight)).key).not.toBeNull();
  });

  test('that is none passes nowhere', async () => {
    const bench = new Bench({ preflight: 'pass' });
    expect(denied(await bench.ask({ method: 'OPTIONS' })).status).toBe(401);
  });

  test('gets past no path that is none, and to no channel that is none', async () => {
    const bench = new Bench({ preflight: 'pass' });
    expect(denied(await bench.ask({ ...preflight, path: '/a/../b' })).status).toBe(400);
    expect((await bench.ask({ ...preflight, channel: 'no-such' })).outcome).toBe('no_channel');
  });
});

test('a change of the channel holds for the next request', async () => {
  const bench = new Bench();
  const key = bench.addKey();
  passed(await bench.with(key));
  bench.setGateway({ scopeRules: [{ method: '*', path: '/', scopes: ['a'] }] });
  expect(denied(await bench.with(key)).code).toBe('insufficient_scope');
  bench.setGateway({ credentials: credentialKinds.filter((kind) => kind !== 'x_api_key') });
  expect(denied(await bench.with(key)).code).toBe('malformed');
});

describe('what is kept of a denial', () => {
  test('is what was asked: door, method, path, channel, scopes, address and agent', async () => {
    const bench = new Bench({ scopeRules: [{ method: 'POST', path: '/orders/*', scopes: ['write'] }] });
    const key = bench.addKey({ id: 'key_a', scopes: ['read'] });
    const request = { method: 'POST', path: '/orders/1', search: 'a=b', ip: '192.0.2.1', userAgent: 'curl' };
    denied(await bench.with(key, { ...request, channel: 'chn_1', door: 'ext_authz', requestId: 'req_7' }));
    expect(bench.meter.read().refusals).toMatchObject([
      {
        requestId: 'req_7',
        door: 'ext_authz',
        code: 'insufficient_scope',
        projectId: 'prj_1',
        keyId: 'key_a',
        channel: 'orders',
        scopes: ['write'],
        ip: '192.0.2.1',
        userAgent: 'curl',
        request: { method: 'POST', path: '/orders/1' },
      },
    ]);
  });

  test('where no key is known is the channel’s project’s', async () => {
    const bench = new Bench();
    denied(await bench.ask());
    denied(await bench.with(bench.addKey({ projectId: 'prj_2' })));
    expect(bench.meter.read().refusals).toMatchObject([
      { code: 'malformed', projectId: 'prj_1', keyId: null },
      { code: 'not_found', projectId: 'prj_1', keyId: null },
    ]);
  });

  test('is no more of a path than it takes, and never a part of a part', async () => {
    const bench = new Bench();
    const secret = generateSecret('kw').reveal();
    const pathOf = async (path: string) => {
      denied(await bench.ask({ path }));
      return bench.meter.read().refusals[0]?.request?.path;
    };
    const start = `/${'a'.repeat(449)}/`;
    expect(await pathOf(`${start}${secret}`)).toBe(start);
    expect(await pathOf(`${start}${'b'.repeat(49)}`)).toBe(`${start}${'b'.repeat(49)}`);
    expect(await pathOf(`${start}${'b'.repeat(48)}/c`)).toBe(`${start}${'b'.repeat(48)}/`);
    expect(await pathOf(`/${'a'.repeat(2000)}`)).toBe('/');
  });
});

describe('could not tell', () => {
  test.each(['at once', 'soon'] as const)(
    'is neither of the two, when the database fails %s',
    async (pace) => {
      const bench = new Bench();
      const key = bench.addKey();
      bench.store.reads.pace = pace;
      bench.store.reads.failure = new Error('gone');
      await expect(bench.with(key)).rejects.toThrow('gone');
      await expect(bench.with(key, { channel: 'no-such' })).rejects.toThrow('gone');
    },
  );
});
