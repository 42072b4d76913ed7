import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalizePath, withoutParameters } from './request-path.ts';

describe('a path has one spelling', () => {
  test.each([
    ['/', '/'],
    ['/orders/1', '/orders/1'],
    ['/orders/', '/orders/'],
    ['/%6frders/%31', '/orders/1'],
    ['/%7Eana/%2D%5f%2E', '/~ana/-_.'],
    ['/a%20b%c3%a9', '/a%20b%C3%A9'],
    ['/a%3fb%23c', '/a%3Fb%23c'],
    ['/%25', '/%25'],
    ['/%252f', '/%252f'],
    ['/%252e%252e/', '/%252e%252e/'],
    ['/%25%36%31', '/%2561'],
    ['/...', '/...'],
    ['/.a/..b/c..', '/.a/..b/c..'],
    ["/a;b=1,2:@!$&'()*+", "/a;b=1,2:@!$&'()*+"],
    ['/a%3Bb', '/a%3Bb'],
    ['/[x]|{y}"<>^`', '/[x]|{y}"<>^`'],
  ])('%s is %s', (path, expected) => {
    expect(normalizePath(path)).toBe(expected);
  });
});

describe('a path that two programs could read in two ways is none', () => {
  test.each([
    ...['', 'orders', '*', 'http://x/', '//', '//orders', '/orders//', '/a//b', '?x'],
    ...['/.', '/..', '/./a', '/../a', '/a/.', '/a/..', '/a/../b', '/a/./b'],
    ...['/%2e', '/%2E%2e/a', '/.%2e', '/%2e./', '/a/%2e%2E/b', '/a/%2e'],
    ...[
      '/..;/a',
      '/a/..;b=c/d',
      '/.;',
      '/a/..%3B/b',
      '/a/..%3b',
      '/%2e%2e;/a',
      '/%2e%2e%3b/a',
      '/;',
      '/a/;b/c',
      '/%3bx/a',
    ],
    ...['/a%2fb', '/a%2Fb', '/%2f', '/a%5cb', '/a%5Cb', '/a\\b', '/..\\a', '/%2e%2e%2f'],
    ...['/%00', '/a%0ab', '/a%0D', '/%1f', '/%7f', '/%7F', '/a\0', '/a\nb', '/a b', '/a\tb', '/\x7f'],
    ...['/%', '/%2', '/%zz', '/%2g', '/a%', '/%%30', '/%u002e', '/é', '/\u2025/', '/．．/', '/a#b', '/#'],
  ])('%j', (path) => {
    expect(normalizePath(path)).toBeNull();
  });
});

const piece = fc.oneof(
  fc.constantFrom(
    '/',
    '.',
    '..',
    '%2e',
    '%2E',
    '%2f',
    '%25',
    '%',
    '\\',
    'a',
    '%61',
    '%c3',
    ';',
    '//',
    '#',
    '%00',
  ),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
const paths = fc.array(piece).map((pieces) => `/${pieces.join('')}`);

test('a path that was made one stays what it is', () => {
  fc.assert(
    fc.property(paths, (path) => {
      const once = normalizePath(path);
      return once === null || normalizePath(once) === once;
    }),
    { numRuns: 5000 },
  );
});

test('none climbs, has an empty part, or hides a slash, a backslash, a control character or a dot', () => {
  fc.assert(
    fc.property(paths, (path) => {
      const made = normalizePath(path);
      if (made === null) return true;
      const parts = made.split('/');
      const isClean = !/\/\/|%2e|%2f|%5c|%[01]|%7f|\\|#|[^\x21-\x7e]/i.test(made);
      return isClean && made.startsWith('/') && !parts.includes('.') && !parts.includes('..');
    }),
    { numRuns: 5000 },
  );
});

test('what is read by it is what a decoder reads, which decodes once', () => {
  const words = fc
    .array(fc.constantFrom('a', 'Z', '0', '-', '~', ' ', 'é', '%', '?', ';', '+'), {
      minLength: 1,
    })
    .filter(([first]) => first !== ';');
  fc.assert(
    fc.property(words, fc.infiniteStream(fc.boolean()), (word, coins) => {
      const bytes = Buffer.from(word.join(''));
      // Each character written out or not, as the coin falls; what must be encoded is.
      const written = [...bytes].map((byte) => {
        const mayStand = /[\w.~-]/.test(String.fromCharCode(byte));
        const isPlain = mayStand && coins.next().value === true;
        return isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`;
      });
      const made = normalizePath(`/${written.join('')}`);
      return made !== null && decodeURIComponent(made) === `/${word.join('')}`;
    }),
  );
});

test.each([
  ['/a/b', '/a/b'],
  ['/a;b', '/a'],
  ['/a;b=1,2/c;d;e/f', '/a/c/f'],
  ['/a%3Bb/c', '/a/c'],
  ['/a.;/c', '/a./c'],
])('without parameters, %s is %s', (path, expected) => {
  expect(withoutParameters(path)).toBe(expected);
});

test('without its parameters, a path that is one is one', () => {
  fc.assert(
    fc.property(paths, (path) => {
      const made = normalizePath(path);
      return made === null || normalizePath(withoutParameters(made)) === withoutParameters(made);
    }),
    { numRuns: 5000 },
  );
});
