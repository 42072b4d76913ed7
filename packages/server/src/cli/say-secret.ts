import type { CliContext } from './context.ts';
import { formatJson } from './output/json.ts';
import { formatFields } from './output/table.ts';
import { say } from './say.ts';

interface SecretAnswer {
  /** As the server gave it. */
  answer: { secret: string };
  /** What it is of, for a person. */
  fields: readonly (readonly [string, string])[];
  json: boolean | undefined;
}

/** Prints a new secret on stdout, this once; the warning goes to stderr, where it is in the way of no program. */
export function saySecret({ stdout, stderr }: CliContext, { answer, fields, json }: SecretAnswer): void {
  const secret = ['Secret', answer.secret] as const;
  stdout.write(`${json ? formatJson(answer) : formatFields([...fields, secret])}\n`);
  say(stderr, 'The secret is shown this once, and kept nowhere: store it now.');
}
