import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { CliContext } from '../context.ts';
import { UsageError } from '../usage-error.ts';

/**
 * A new password: typed twice at a terminal, which does not show it, or the first line of what is piped in.
 * @throws UsageError when there is none, or the two differ
 */
export async function readNewPassword(context: CliContext): Promise<string> {
  if (!context.stdin.isTTY) return requireSome(await readLine(context, ''));
  const password = requireSome(await readLine(context, 'New password: '));
  if ((await readLine(context, 'The same again: ')) !== password) {
    throw new UsageError('The two passwords are not the same. Nothing was changed.');
  }
  return password;
}

function requireSome(password: string): string {
  if (password === '') throw new UsageError('No password was given. Nothing was changed.');
  return password;
}

/** The terminal leaves it to the interface to show what is typed, and the interface is given nothing to show it on. */
function readLine({ stdin, stderr }: CliContext, question: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  stderr.write(question);
  const lines = createInterface({ input: stdin, output: nowhere, terminal: stdin.isTTY ?? false });
  lines.once('line', resolve);
  lines.once('close', () => resolve(''));
  return promise.finally(() => {
    lines.close();
    if (stdin.isTTY) stderr.write('\n');
  });
}
