import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { generateSecret } from '../keys/secret-format.ts';
import { createAccessLog } from './access-log.ts';

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const entry = {
  requestId: 'req_1',
  ip: '203.0.113.7',
  method: 'GET',
  channel: 'orders',
  path: '/x',
  status: 200,
  ms: 1.5,
  keyId: 'key_1',
  code: null,
};

test('lines come together, whole, and a moment later', () => {
  const written: string[] = [];
  const log = createAccessLog((lines) => written.push(lines));
  log.add(entry);
  log.add({ ...entry, path: '/"y"\n' });
  expect(written).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(written).toHaveLength(1);
  const lines = written[0]?.trimEnd().split('\n') ?? [];
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 'info', time: '1970-01-01T00:00:00.000Z', ...entry, msg: 'gateway' },
    { level: 'info', time: '1970-01-01T00:00:00.000Z', ...entry, path: '/"y"\n', msg: 'gateway' },
  ]);
  log.flush();
  expect(written).toHaveLength(1);
});

test('nothing is lost to a stop, and many do not wait', () => {
  const written: string[] = [];
  const log = createAccessLog((lines) => written.push(lines));
  for (let i = 0; i < 501; i++) log.add(entry);
  expect(written).toHaveLength(1);
  log.flush();
  expect(written.join('').trimEnd().split('\n')).toHaveLength(501);
  expect(vi.getTimerCount()).toBe(0);
});

test('a key that somebody wrote into the path is not in it', () => {
  const written: string[] = [];
  const log = createAccessLog((lines) => written.push(lines));
  const secret = generateSecret('kw').reveal();
  log.add({ ...entry, path: `/x/${secret}/y`, channel: secret });
  log.flush();
  expect(written[0]).toContain('/x/[secret]/y');
  expect(written[0]).not.toContain(secret);
});

test('nor is one in which characters were written in another way', () => {
  const written: string[] = [];
  const log = createAccessLog((lines) => written.push(lines));
  const secret = generateSecret('kw').reveal();
  const encoded = [...secret].map((character) => `%${character.charCodeAt(0).toString(16)}`).join('');
  for (const path of [secret.replace('_', '%5f'), secret.replace('k', '%6B'), encoded, encoded.toUpperCase()])
    log.add({ ...entry, path: `/x/${path}/%2f` });
  log.flush();
  const paths = written[0]
    ?.trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).path);
  expect(paths).toEqual(Array.from({ length: 4 }, () => '/x/[secret]/%2f'));
});

test('of a long path there is what stands before the part that does not fit', () => {
  const written: string[] = [];
  const log = createAccessLog((lines) => written.push(lines));
  const secret = generateSecret('kw').reveal();
  log.add({ ...entry, path: `/a/${'b'.repeat(960)}/${secret}/c` });
  log.add({ ...entry, path: `/${'aB3'.repeat(5000)}` });
  log.flush();
  const paths = written[0]
    ?.trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).path);
  expect(paths).toEqual([`/a/${'b'.repeat(960)}/…`, '/…']);
});
