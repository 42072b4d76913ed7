import type { CliContext, Output } from './context.ts';
import { formatJson } from './output/json.ts';
import { formatFields } from './output/table.ts';
import { say } from './say.ts';

interface SecretAnswer {
  /** As the server gave it. */
  answer: { secret: string };
  /** What it is of, as a person calls it. */
  noun: 'key' | 'service key';
  subject: { id: string; name: string };
  /** And what there is to tell of that. */
  fields: readonly (readonly [string, string])[];
  json: boolean | undefined;
}

/**
 * Prints a new secret on stdout, this once; the warning goes to stderr, where it is in the way of no program.
 * @throws when nobody got it: what it is of is there all the same, and the secret good
 */
export async function saySecret(
  { stdout, stderr }: CliContext,
  { answer, noun, subject, fields, json }: SecretAnswer,
): Promise<void> {
  const secret = ['Secret', answer.secret] as const;
  try {
    await write(stdout, `${json ? formatJson(answer) : formatFields([...fields, secret])}\n`);
  } catch {
    throw new Error(
      `The ${noun} ${subject.id} (${subject.name}) is there, but its secret could not be written anywhere and is lost. ` +
        'Rotate it, or revoke it.',
    );
  }
  say(stderr, 'The secret is shown this once, and kept nowhere: store it now.');
}

function write(output: Output, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
