import { createInterface } from 'node:readline';
import type { CliContext } from './context.ts';
import { printable } from './printable.ts';
import { UsageError } from './usage-error.ts';

/** Somebody was asked, and did not say yes. */
export class DeclinedError extends Error {}

/**
 * Asks before something that cannot be undone.
 * @throws DeclinedError for every answer but yes, UsageError when there is nobody to ask
 */
export async function confirm(context: CliContext, question: string, isYes: boolean): Promise<void> {
  if (isYes) return;
  const { stdin, stderr } = context;
  if (!stdin.isTTY || !stderr.isTTY)
    throw new UsageError(
      'This cannot be undone, and there is no terminal to ask at: add --yes to confirm it.',
    );
  const answer = await ask(context, `${printable(question)} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new DeclinedError('Nothing was changed.');
}

function ask({ stdin, stderr }: CliContext, question: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const lines = createInterface({ input: stdin, output: stderr, terminal: false });
  lines.once('line', (line) => resolve(line));
  // The end of the input, or Ctrl-C: no answer is no yes.
  lines.once('close', () => resolve(''));
  stderr.write(question);
  return promise.finally(() => lines.close());
}
