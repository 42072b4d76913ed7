import { expect, test } from 'vitest';
import type { LoadedChannel } from '../verification/verification-store.ts';
import { createUpstreamFailureLog } from './upstream-failure-log.ts';

test('of each channel one failure a second is told, with its reason and nothing else of it', () => {
  const lines: unknown[] = [];
  let now = 0;
  const log = createUpstreamFailureLog({ warn: (line: unknown) => void lines.push(line) }, () => now);
  const [orders, bills] = [{ slug: 'orders' } as LoadedChannel, { slug: 'bills' } as LoadedChannel];
  const unreadable = Object.assign(new Error('Expected HTTP/'), {
    code: 'HPE',
    data: 'what the upstream sent',
  });
  const fail = (channel: LoadedChannel, requestId: string) =>
    log(unreadable, { channel, requestId, code: 'upstream_unreachable' });
  fail(orders, 'r1');
  fail(orders, 'r2');
  fail(bills, 'r3');
  now = 1000;
  fail(orders, 'r4');
  const common = { code: 'upstream_unreachable', reason: 'Expected HTTP/ (HPE)' };
  expect(lines).toEqual([
    { requestId: 'r1', channel: 'orders', ...common },
    { requestId: 'r3', channel: 'bills', ...common },
    { requestId: 'r4', channel: 'orders', ...common, silenced: 1 },
  ]);
});
