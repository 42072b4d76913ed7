import { setImmediate as nextTurn } from 'node:timers/promises';
import { Command, CommanderError } from 'commander';
import { censorText } from '../censor.ts';
import { readVersion } from '../own-package.ts';
import { addAdminCommands } from './admin.ts';
import { addAuditCommands } from './audit.ts';
import { addBackupCommand } from './backup.ts';
import { addBootstrapKeyCommand } from './bootstrap-key.ts';
import type { CliContext, Finish } from './context.ts';
import { addDoctorCommand } from './doctor.ts';
import { addExplainCommand } from './explain.ts';
import { addImportCommand } from './import.ts';
import { addKeysCommands } from './keys.ts';
import { addRestoreCommand } from './restore.ts';
import { complain } from './say.ts';
import { addServeCommand } from './serve.ts';
import { addServiceKeyCommands } from './service-key.ts';

export { processContext } from './context.ts';

/**
 * Runs the command that the arguments name.
 * @param args without the interpreter and the script
 * @returns the exit code; 2 for a command line that cannot be understood
 */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  const findFailure = watchOutput(context);
  const exitCode = await runCommandLine(args, context);
  const failure = await findFailure();
  if (failure === null) return exitCode;
  complain(context, `What was to be printed could not be written: ${failure.message}.`);
  return exitCode || 1;
}

async function runCommandLine(args: readonly string[], context: CliContext): Promise<number> {
  let exitCode = 0;
  const program = createProgram(context, (code) => {
    exitCode = code;
  });
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return exitCode;
}

function createProgram(context: CliContext, finish: Finish): Command {
  const program = new Command('keywright')
    .description(
      'A self-hosted system for API keys: when a revocation returns, the key is dead on every node.',
    )
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      // Commander repeats what it does not understand, which may be a secret in the wrong place.
      writeErr: (text) => void context.stderr.write(censorText(text)),
    })
    .showHelpAfterError('Add --help to see what can be given here.')
    .addHelpText('after', examples);
  addServeCommand(program, context, finish);
  addBootstrapKeyCommand(program, context, finish);
  addKeysCommands(program, context, finish);
  addImportCommand(program, context, finish);
  addServiceKeyCommands(program, context, finish);
  addAdminCommands(program, context, finish);
  addAuditCommands(program, context, finish);
  addExplainCommand(program, context, finish);
  addBackupCommand(program, context, finish);
  addRestoreCommand(program, context, finish);
  addDoctorCommand(program, context, finish);
  return program;
}

const examples = `
Examples:
  $ export KEYWRIGHT_BOOTSTRAP_KEY="$(keywright bootstrap-key)"
  $ keywright serve                  start, with SQLite in ./data, on http://127.0.0.1:8787
  $ keywright keys create            make a key
  $ keywright doctor                 check the installation
  $ keywright audit verify           check that nobody changed the ledger
  $ keywright explain req_Zk3…       say why a request was refused`;

/**
 * Whoever reads the output may stop reading, as `head` does. That is no fault; a full disk is one. Of stderr there would
 * be nowhere to tell.
 * @returns answers, once all was written or given up, what stdout failed with
 */
function watchOutput({ stdout, stderr }: CliContext): () => Promise<Error | null> {
  let failure: Error | null = null;
  stderr.on('error', () => {});
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') failure ??= error;
  });
  return async () => {
    if (stdout.writableLength > 0) await new Promise((resolve) => stdout.write('', resolve));
    // An error is emitted in the turn after.
    await nextTurn();
    return failure;
  };
}
