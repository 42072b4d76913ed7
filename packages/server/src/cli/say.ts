import { censorText } from '../censor.ts';
import { StartupError } from '../startup-error.ts';
import { DeclinedError } from './confirm.ts';
import { RefusedError } from './connection/api.ts';
import type { CliContext, Output } from './context.ts';
import { printable } from './printable.ts';
import { ConfigurationError } from './read-settings.ts';
import { UsageError } from './usage-error.ts';

/** Prints a line. */
export function say(output: Output, line: string): void {
  output.write(`${printable(line)}\n`);
}

/** Prints what went wrong to stderr. */
export function complain({ stderr }: CliContext, sentence: string): void {
  say(stderr, `keywright: ${sentence}`);
}

/** Runs a command; of an error it prints what a person can use, and answers `codeOnError`. */
export async function withComplaints(
  context: CliContext,
  codeOnError: number,
  run: () => Promise<number>,
): Promise<number> {
  try {
    return await run();
  } catch (error) {
    for (const sentence of explainError(error)) complain(context, sentence);
    return codeOnError;
  }
}

/** What to tell a person of an error: sentences without a stack trace and without secrets. */
export function explainError(error: unknown): string[] {
  if (error instanceof ConfigurationError) return [...error.faults];
  if (error instanceof StartupError || error instanceof UsageError || error instanceof DeclinedError)
    return [error.message];
  if (error instanceof RefusedError) return error.sentences.map(censorText);
  return [censorText(describe(error))];
}

/** Some errors of drivers and sockets have no message of their own, only a code or the errors of each attempt. */
function describe(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(describe).join('; ');
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error.message === '') return code || error.name;
  const message = error.message.includes(code) ? error.message : `${error.message} (${code})`;
  return error.cause instanceof Error ? `${message} – ${describe(error.cause)}` : message;
}
