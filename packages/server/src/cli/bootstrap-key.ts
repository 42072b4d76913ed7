import type { Command } from 'commander';
import { generateSecret } from '../keys/secret-format.ts';
import type { CliContext, Finish } from './context.ts';
import { formatJson } from './output/json.ts';
import { say } from './say.ts';

export function addBootstrapKeyCommand(program: Command, context: CliContext, finish: Finish): void {
  program
    .command('bootstrap-key')
    .description('make a token for KEYWRIGHT_BOOTSTRAP_KEY and print it; it is kept nowhere')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action((flags: { json?: boolean }) => finish(printBootstrapKey(context, flags)));
}

const examples = `
The server that is started with it has it as a service key for the whole instance, with every scope.

Examples:
  $ export KEYWRIGHT_BOOTSTRAP_KEY="$(keywright bootstrap-key)"
  $ (umask 077; keywright bootstrap-key > bootstrap-key) && keywright serve --bootstrap-key-file bootstrap-key`;

/** Prints a new token; nothing else goes to stdout, so that a shell can take it from there. */
function printBootstrapKey({ stdout, stderr }: CliContext, { json }: { json?: boolean }): number {
  const secret = generateSecret('kws').reveal();
  stdout.write(`${json ? formatJson({ secret }) : secret}\n`);
  if (stdout.isTTY) say(stderr, hint);
  return 0;
}

const hint =
  'Start the server with this as KEYWRIGHT_BOOTSTRAP_KEY, and call its API with it. It is kept nowhere: store it as a secret.';
