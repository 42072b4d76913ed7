import { expect, test } from 'vitest';
import { readTarget } from './request-target.ts';

test.each([
  ['/v1/keys', '/v1/keys', ''],
  ['/v1/keys?limit=1', '/v1/keys', 'limit=1'],
  ['/v1/keys?', '/v1/keys', ''],
  ['/v1/keys?a=b?c', '/v1/keys', 'a=b?c'],
  ['/v1/../healthz', '/v1/../healthz', ''],
  ['/%68ealthz', '/%68ealthz', ''],
  ['//healthz', '//healthz', ''],
  ['http://anything/v1/verify?x=1', '/v1/verify', 'x=1'],
  ['HTTPS://anything:1/', '/', ''],
  ['http://anything', '', ''],
  ['http://anything?/healthz', '', ''],
  ['ftp://anything/healthz', '', ''],
  ['*', '', ''],
  ['', '', ''],
])('%s is the path "%s" with the query "%s"', (target, path, search) => {
  expect(readTarget(target)).toEqual({ path, search });
});
