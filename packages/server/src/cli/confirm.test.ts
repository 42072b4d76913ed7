import { expect, test } from 'vitest';
import { confirm, DeclinedError } from './confirm.ts';
import { FakeProcess } from './testing/fake-context.ts';
import { UsageError } from './usage-error.ts';

const answering = (stdin: string) => new FakeProcess({ stdin, isTerminal: true });

test.each(['y\n', 'Y\n', 'yes\n', ' yes \n', 'y'])('%j is a yes', async (stdin) => {
  const process = answering(stdin);
  await confirm(process.context, 'Revoke it?', false);
  expect(process.stderr).toBe('Revoke it? [y/N] ');
  expect(process.stdout).toBe('');
});

test.each(['', '\n', 'n\n', 'yess\n', 'no\ny\n', 'ja\n'])('%j is none', async (stdin) => {
  await expect(confirm(answering(stdin).context, 'Revoke it?', false)).rejects.toThrow(DeclinedError);
});

test('nobody is asked with --yes, nor where nobody is', async () => {
  const process = new FakeProcess({ stdin: 'y\n' });
  await confirm(process.context, 'Revoke it?', true);
  await expect(confirm(process.context, 'Revoke it?', false)).rejects.toThrow(UsageError);
  expect(process.stderr).toBe('');
});

test('the question cannot steer the terminal', async () => {
  const process = answering('y\n');
  await confirm(process.context, 'Revoke \u001b[2J?', false);
  expect(process.stderr).not.toContain('\u001b');
});
