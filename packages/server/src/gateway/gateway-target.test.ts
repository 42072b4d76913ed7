import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { findTarget } from './gateway-target.ts';

const find = (url: string, host?: string, domain: string | null = null) =>
  findTarget({ url, headers: host === undefined ? {} : { host } } as IncomingMessage, domain);

test.each([
  ['/orders', { channel: 'orders', path: '/', search: '' }],
  ['/orders/', { channel: 'orders', path: '/', search: '' }],
  ['/orders/a/b?x=/y', { channel: 'orders', path: '/a/b', search: 'x=/y' }],
  ['/orders?x', { channel: 'orders', path: '/', search: 'x' }],
  ['/chn_01abc/x', { channel: 'chn_01abc', path: '/x', search: '' }],
  ['/orders//x', { channel: 'orders', path: '//x', search: '' }],
])('%s is for a channel', (url, target) => {
  expect(find(url)).toEqual(target);
});

test.each([
  '/',
  '//orders',
  '/o',
  '*',
  '',
  'http://x/orders',
  '/orders%2fx/y',
  '/or ders',
  '/ordérs',
  '/../orders',
])('%j is for none', (url) => {
  expect(find(url)).toBeNull();
});

test('a host below the domain says which channel, and the path is whole', () => {
  const domain = 'api.example.com';
  expect(find('/a/b', 'orders.api.example.com', domain)).toEqual({
    channel: 'orders',
    path: '/a/b',
    search: '',
  });
  expect(find('/a/b', 'Orders.API.example.com:8788', domain)).toMatchObject({
    channel: 'orders',
    path: '/a/b',
  });
  for (const host of [
    'api.example.com',
    'x.orders.api.example.com',
    'orders.api.example.com.evil',
    'ordersapi.example.com',
  ])
    expect(find('/aa/b', host, domain), host).toMatchObject({ channel: 'aa', path: '/b' });
});
