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

test.each(['/', '//orders', '/o', '/orders%2fx/y', '/ord|rs', '/../orders'])('%j is for none', (url) => {
  expect(find(url)).toBeNull();
});

test.each([
  ['http://gate.example/orders/a?x=/y', { channel: 'orders', path: '/a', search: 'x=/y' }],
  ['HTTP://GATE.example/orders', { channel: 'orders', path: '/', search: '' }],
  ['https://gate.example/orders//x', { channel: 'orders', path: '//x', search: '' }],
  ['http://gate.example', null],
  ['http://gate.example/', null],
])('an address of the host that the header names as well is its path: %s', (url, target) => {
  expect(find(url, 'gate.example')).toEqual(target);
});

test.each([
  '*',
  '',
  'orders/a',
  'gate.example:443',
  '/or ders',
  '/ordérs',
  'http://other.example/orders',
  'http://gate.example:80/orders',
  'http://gate.example.other/orders',
  'http://user@gate.example/orders',
  'http://gate.example\\@other/orders',
  'http://gate.example?/orders',
  'http:///orders',
  'ftp://gate.example/orders',
])('%j can be read in more than one way, or in none', (url) => {
  expect(find(url, 'gate.example')).toEqual({ fault: expect.any(String) });
});

test('an address names a channel by its host too, and the path stays whole', () => {
  const host = 'orders.api.example.com';
  expect(find(`http://${host}/aa/b?c`, host, 'api.example.com')).toEqual({
    channel: 'orders',
    path: '/aa/b',
    search: 'c',
  });
  expect(find(`http://${host}`, host, 'api.example.com')).toMatchObject({ channel: 'orders', path: '/' });
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
