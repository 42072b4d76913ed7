import { endpoints } from '@keywright/contract';
import { expect, test } from 'vitest';
import { honoPath } from './route.ts';
import { routes } from './routes.ts';

test('every endpoint of the contract has its route, once', () => {
  const served = [...routes.map(({ endpoint }) => endpoint.name), endpoints.verify.name].toSorted();

  expect(served).toEqual(Object.keys(endpoints).toSorted());
});

test('parameters are written as the framework wants them', () => {
  expect(honoPath('/v1/keys/{keyId}/rotate')).toBe('/v1/keys/:keyId/rotate');
  expect(honoPath('/v1/projects')).toBe('/v1/projects');
});
