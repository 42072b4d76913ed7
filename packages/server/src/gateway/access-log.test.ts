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
