import { describe, expect, test } from 'vitest';
import { isJsonType, parseJsonBody } from './json-body.ts';

const parse = (
  body: string | Buffer,
  options: { type?: string; coding?: string; optional?: boolean } = {},
): unknown =>
  parseJsonBody({
    headers: {
      'content-type': options.type ?? 'application/json',
      ...(options.coding && { 'content-encoding': options.coding }),
    },
    body: Buffer.from(body),
    optional: options.optional ?? false,
  });

describe('content types', () => {
  test.each([
    'application/json',
    'Application/JSON',
    'application/json;charset=utf-8',
    'application/json; charset=UTF-8',
    'application/json ; charset="utf-8"',
  ])('%s is JSON', (type) => {
    expect(isJsonType(type)).toBe(true);
  });

  test.each([
    undefined,
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'application/problem+json',
    'text/plain; application/json',
    'application/json; charset=latin1',
    'application/json; charset=utf-8; charset=utf-16',
    'application/json, text/plain',
    'application/json; profile=x',
  ])('%s is not', (type) => {
    expect(isJsonType(type)).toBe(false);
  });
});

describe('bodies', () => {
  test('JSON is parsed, whatever is in it', () => {
    expect(parse('{"key":"ü"}')).toEqual({ key: 'ü' });
  });

  test('another type is unsupported', () => {
    expect(() => parse('{}', { type: 'text/plain' })).toThrow(
      expect.objectContaining({ code: 'unsupported_media_type' }),
    );
  });

  test('compressed is unsupported', () => {
    expect(() => parse('{}', { coding: 'gzip' })).toThrow(
      expect.objectContaining({ code: 'unsupported_media_type' }),
    );
  });

  test('none is a fault where one is needed', () => {
    expect(() => parse('')).toThrow(expect.objectContaining({ code: 'validation_failed' }));
  });

  test('none is {} where it may be left out, whatever its type says', () => {
    expect(parse('', { optional: true, type: 'text/plain' })).toEqual({});
  });

  test('bytes that are not UTF-8 are a fault and not replaced', () => {
    expect(() => parse(Buffer.from([0x22, 0xff, 0x22]))).toThrow(
      expect.objectContaining({ code: 'validation_failed', detail: 'The body is not UTF-8.' }),
    );
  });

  test.each([
    '{"key":kw_Secret0123456789}',
    '{"key":"kw_Secret0123456789"',
    '{"key":"kw_Secret0123456789" "x":1}',
    'kw_Secret0123456789',
    `{"a":"${'a'.repeat(200)}", "key":'kw_Secret0123456789'}`,
    '{"kw_Secret0123456789":1,}',
  ])('%s is a fault that does not repeat what was sent', (body) => {
    expect(() => parse(body)).toThrow(expect.objectContaining({ code: 'validation_failed' }));
    expect(() => parse(body)).not.toThrow(/Secret/);
  });

  test('the fault says where to look, when that is known', () => {
    expect(() => parse('{\n  "a": 1\n  "b": 2}')).toThrow(/line 3, column 3/);
  });

  test('depth is no danger', () => {
    const depth = 400_000;
    expect(() => parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)).not.toThrow();
    expect(() => parse('['.repeat(depth))).toThrow(expect.objectContaining({ code: 'validation_failed' }));
  });
});
