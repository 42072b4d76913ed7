import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createProgress } from './progress.ts';

function follow(isTTY: boolean, term?: string) {
  const output = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY });
  return {
    progress: createProgress(output, 'copied', term),
    written: () => (output.read() as string | null) ?? '',
  };
}

test('a bar grows in its line, is written only when it changes, and is taken away', () => {
  const { progress, written } = follow(true);
  progress.show(0);
  progress.show(0.501);
  progress.show(0.502);
  progress.show(1);
  progress.clear();
  progress.clear();
  expect(written().split('\r\u001b[K')).toEqual([
    '',
    `${'╌'.repeat(30)} 0 % copied`,
    `${'━'.repeat(15)}${'╌'.repeat(15)} 50 % copied`,
    `${'━'.repeat(30)} 100 % copied`,
    '',
  ]);
});

test.each([
  [false, 'xterm'],
  [true, 'dumb'],
])('nothing in a pipe or at a dumb terminal (%s, %s)', (isTTY, term) => {
  const { progress, written } = follow(isTTY, term);
  progress.show(0.5);
  progress.clear();
  expect(written()).toBe('');
});
