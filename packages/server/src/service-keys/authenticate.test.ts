import { describe, expect, test } from 'vitest';
import type { Caller } from '../domain/caller.ts';
import { generateSecret, hashSecret } from '../keys/secret-format.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { followedRow } from '../testing/fake-ledger.ts';
import { FakeVerificationStore } from '../testing/fake-verification-store.ts';
import { turns } from '../testing/turns.ts';
import type { LoadedServiceKey } from '../verification/verification-store.ts';
import { Authenticator } from './authenticate.ts';

class Bench {
  readonly store = new FakeVerificationStore();
  readonly clock = new FakeClock();
  isOpen = true;
  appliedSeq = 0;
  readonly authenticator = new Authenticator({
    store: this.store,
    fence: { isOpen: () => this.isOpen },
    clock: this.clock,
    appliedSeq: () => this.appliedSeq,
  });

  addServiceKey(given: Partial<LoadedServiceKey> = {}): string {
    const secret = generateSecret('kws').reveal();
    const usual = { id: 'svc_1', name: 'gateway', projectId: null, scopes: ['verify'], expiresAt: null };
    this.store.serviceKeys.push({ ...usual, hash: hashSecret(secret), ...given });
    return secret;
  }

  async ask(authorization: string | undefined): Promise<Caller> {
    return this.authenticator.authenticate(authorization);
  }

  apply(action: string, subjectType: string, subjectId: string): void {
    const row = followedRow(this.appliedSeq + 1, { action, subjectType, subjectId });
    this.authenticator.apply(row);
    this.appliedSeq = row.seq;
  }

  get loads(): number {
    return this.store.reads.list().length;
  }
}

const unauthenticated = expect.objectContaining({ code: 'unauthenticated' });
const good = generateSecret('kws').reveal();

describe('the header', () => {
  test.each<[string, string | undefined]>([
    ['nothing', undefined],
    ['an empty text', ''],
    ['spaces', '   '],
    ['the scheme alone', 'Bearer'],
    ['the scheme and a space', 'Bearer '],
    ['the scheme and spaces', `Bearer${' '.repeat(100)}`],
    ['the key alone', good],
    ['another scheme', `Basic ${good}`],
    ['another scheme that begins so', `Bearers ${good}`],
    ['a scheme that ends so', `XBearer ${good}`],
    ['no space', `Bearer${good}`],
    ['another separator', `Bearer: ${good}`],
    ['a tab', `Bearer\t${good}`],
    ['a space before', ` Bearer ${good}`],
    ['text behind', `Bearer ${good} and more`],
    ['a comma behind', `Bearer ${good},`],
    ['two keys', `Bearer ${good} ${good}`],
    ['two headers as one', `Bearer ${good}, Bearer ${good}`],
    ['a line break behind', `Bearer ${good}\n`],
    ['a line break before', `Bearer \n${good}`],
    ['quotes', `Bearer "${good}"`],
    ['a key with a typing error', `Bearer ${good.slice(0, -1)}${good.endsWith('a') ? 'b' : 'a'}`],
    ['a key that was cut off', `Bearer ${good.slice(0, -1)}`],
    ['a key with a NUL', `Bearer ${good}\0`],
    ['a key that is not ASCII', `Bearer ${'é'.repeat(64)}`],
    ['SQL', "Bearer ' OR 1=1 --"],
    ['a megabyte of key', `Bearer ${'x'.repeat(1_048_576)}`],
    ['a megabyte of spaces', `Bearer${' '.repeat(1_048_576)}x y`],
    ['a megabyte of spaces behind', `Bearer x${' '.repeat(1_048_576)}y`],
    ['a megabyte of scheme', 'Bearer'.repeat(174_763)],
  ])('with %s is refused, without asking the database', (_, authorization) => {
    const bench = new Bench();
    expect(() => bench.authenticator.authenticate(authorization)).toThrow(unauthenticated);
    expect(bench.loads).toBe(0);
  });

  // RFC 9110, 11.1 and 11.4: the scheme's case does not matter, and one or more spaces follow it.
  test.each(['Bearer ', 'bearer ', 'BEARER ', 'Bearer  '])('beginning with %j is taken', async (start) => {
    const bench = new Bench();
    const secret = bench.addServiceKey();
    expect((await bench.ask(start + secret)).id).toBe('svc_1');
    expect((await bench.ask(`${start}${secret} `)).id).toBe('svc_1');
  });

  test('is not repeated in the refusal', async () => {
    const bench = new Bench();
    for (const wrong of [`Bearer ${good}`, `Basic ${good}`, `Bearer x${good}`]) {
      const error = await bench.ask(wrong).catch((caught: unknown) => caught);
      expect(String(error) + JSON.stringify(error)).not.toContain(good);
    }
  });
});

describe('a service key', () => {
  test.each([null, 'prj_1'])('is the caller that it is for, of project %s', async (projectId) => {
    const bench = new Bench();
    const secret = bench.addServiceKey({ projectId, scopes: ['verify', 'keys:read'] });
    const expected = {
      type: 'service_key',
      id: 'svc_1',
      name: 'gateway',
      projectId,
      scopes: new Set(['verify', 'keys:read']),
    };
    expect(await bench.ask(`Bearer ${secret}`)).toEqual(expected);
    // And at once from then on.
    expect(bench.authenticator.authenticate(`Bearer ${secret}`)).toEqual(expected);
    expect(bench.loads).toBe(1);
  });

  test('that is not known is refused, warm or cold', async () => {
    const bench = new Bench();
    await expect(bench.ask(`Bearer ${good}`)).rejects.toEqual(unauthenticated);
    expect(() => bench.authenticator.authenticate(`Bearer ${good}`)).toThrow(unauthenticated);
    expect(bench.loads).toBe(1);
  });

  test('is no key of a project: those are looked for elsewhere', async () => {
    const bench = new Bench();
    const key = bench.store.addKey();
    await expect(bench.ask(`Bearer ${key}`)).rejects.toEqual(unauthenticated);
    expect(bench.store.reads.list().map(({ what }) => what)).toEqual(['service keys']);
  });

  test('is good until it expires, also in memory', async () => {
    const bench = new Bench();
    const secret = bench.addServiceKey({ expiresAt: bench.clock.now() + 1000 });
    await bench.ask(`Bearer ${secret}`);
    bench.clock.pass(999);
    expect((await bench.ask(`Bearer ${secret}`)).id).toBe('svc_1');
    bench.clock.pass(1);
    expect(() => bench.authenticator.authenticate(`Bearer ${secret}`)).toThrow(unauthenticated);
    await expect(new Bench().ask(`Bearer ${secret}`)).rejects.toEqual(unauthenticated);
  });

  test('that has expired is refused when it is loaded', async () => {
    const bench = new Bench();
    const secret = bench.addServiceKey({ expiresAt: bench.clock.now() });
    await expect(bench.ask(`Bearer ${secret}`)).rejects.toEqual(unauthenticated);
  });

  test.each([
    ['service_key.deleted', 'service_key', 'svc_1'],
    ['project.deleted', 'project', 'prj_1'],
  ])('is dead once %s is applied', async (action, subjectType, subjectId) => {
    const bench = new Bench();
    const secret = bench.addServiceKey({ projectId: 'prj_1' });
    await bench.ask(`Bearer ${secret}`);
    bench.store.serviceKeys = [];
    bench.apply(action, subjectType, subjectId);
    await expect(bench.ask(`Bearer ${secret}`)).rejects.toEqual(unauthenticated);
  });

  test('that is deleted while it is loaded is not accepted, and not remembered', async () => {
    const bench = new Bench();
    bench.store.reads.pace = 'held';
    const secret = bench.addServiceKey();
    const asked = bench.ask(`Bearer ${secret}`);
    await turns();
    const stale = bench.store.reads.last();
    bench.store.serviceKeys = [];
    bench.apply('service_key.deleted', 'service_key', 'svc_1');
    stale.pass();
    await turns();
    bench.store.reads.last().pass();
    await expect(asked).rejects.toEqual(unauthenticated);
    expect(() => bench.authenticator.authenticate(`Bearer ${secret}`)).toThrow(unauthenticated);
  });

  test('that was rotated has its new secret, and the old one is dead', async () => {
    const bench = new Bench();
    const old = bench.addServiceKey();
    await bench.ask(`Bearer ${old}`);
    await expect(bench.ask(`Bearer ${good}`)).rejects.toEqual(unauthenticated);
    bench.store.serviceKeys = [];
    bench.addServiceKey({ hash: hashSecret(good) });
    bench.apply('service_key.rotated', 'service_key', 'svc_1');
    await expect(bench.ask(`Bearer ${old}`)).rejects.toEqual(unauthenticated);
    expect((await bench.ask(`Bearer ${good}`)).id).toBe('svc_1');
  });

  test('is not disturbed by rows about keys and channels', async () => {
    const bench = new Bench();
    const secret = bench.addServiceKey();
    await bench.ask(`Bearer ${secret}`);
    bench.apply('key.created', 'key', 'svc_1');
    bench.apply('channel.deleted', 'channel', 'chn_1');
    expect(bench.authenticator.authenticate(`Bearer ${secret}`)).not.toBeInstanceOf(Promise);
  });

  test('is asked for anew past the fence, and when everything was forgotten', async () => {
    const bench = new Bench();
    const secret = bench.addServiceKey();
    await bench.ask(`Bearer ${secret}`);
    bench.store.serviceKeys = [];
    bench.isOpen = false;
    await expect(bench.ask(`Bearer ${secret}`)).rejects.toEqual(unauthenticated);
    bench.isOpen = true;
    bench.authenticator.clear();
    await expect(bench.ask(`Bearer ${secret}`)).rejects.toEqual(unauthenticated);
  });
});

test('an outage is no refusal', async () => {
  const bench = new Bench();
  const secret = bench.addServiceKey();
  bench.store.reads.failure = new Error('gone');
  await expect(bench.ask(`Bearer ${secret}`)).rejects.toThrow('gone');
  bench.store.reads.failure = null;
  expect((await bench.ask(`Bearer ${secret}`)).id).toBe('svc_1');
});
