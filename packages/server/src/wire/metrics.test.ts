import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

const request = { method: 'GET', route: '/v1/keys/:keyId', status: 200 };

async function lines(metrics: ReturnType<typeof createMetrics>, name: string): Promise<string[]> {
  return (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(name));
}

test('requests are counted by method, route and status, in buckets that include the smaller ones', async () => {
  const metrics = createMetrics({ version: '1.2.3', engine: 'sqlite' });
  for (const durationMs of [0.05, 0.1, 3, 60_000]) metrics.observeRequest({ ...request, durationMs });
  metrics.observeRequest({ ...request, status: 404, durationMs: 1 });
  const found = await lines(metrics, 'keywright_http_request_duration_seconds');
  const of = (rest: string) =>
    found
      .find((line) => line.includes(`status="200"${rest}`))
      ?.split(' ')
      .at(-1);

  expect(of(',le="0.0001"}')).toBe('2');
  expect(of(',le="0.0025"}')).toBe('2');
  expect(of(',le="0.005"}')).toBe('3');
  expect(of(',le="30"}')).toBe('3');
  expect(of(',le="+Inf"}')).toBe('4');
  expect(found).toContain(
    'keywright_http_request_duration_seconds_count{method="GET",route="/v1/keys/:keyId",status="200"} 4',
  );
  expect(found).toContain(
    'keywright_http_request_duration_seconds_count{method="GET",route="/v1/keys/:keyId",status="404"} 1',
  );
  expect(
    Number(
      found
        .find((line) => line.includes('_sum') && line.includes('"200"'))
        ?.split(' ')
        .at(-1),
    ),
  ).toBeCloseTo(60.00315);
});

test('verifications are counted by code, and stay so however often they are asked for', async () => {
  const metrics = createMetrics({ version: '1.2.3', engine: 'sqlite' });
  metrics.countVerification('valid');
  metrics.countVerification('valid');
  metrics.countVerification('revoked');
  await metrics.registry.metrics();

  expect(await lines(metrics, 'keywright_verifications_total')).toEqual([
    'keywright_verifications_total{code="valid"} 2',
    'keywright_verifications_total{code="revoked"} 1',
  ]);
});

test('numbers that are kept elsewhere are read when they are asked for', async () => {
  const metrics = createMetrics({ version: '1.2.3', engine: 'sqlite' });
  let size = 1;
  metrics.watch({ type: 'gauge', name: 'cache_size', help: 'Size.', read: () => size });
  metrics.watch({ type: 'counter', name: 'cache_hits_total', help: 'Hits.', read: () => size * 10 });
  await metrics.registry.metrics();
  size = 7;

  expect(await lines(metrics, 'cache_')).toEqual(['cache_size 7', 'cache_hits_total 70']);
});
