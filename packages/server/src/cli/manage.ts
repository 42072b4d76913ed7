import { type Command, Option } from 'commander';
import type { Flags } from '../config.ts';
import { DeclinedError } from './confirm.ts';
import type { Api } from './connection/api.ts';
import { withServer } from './connection/connect.ts';
import type { CliContext } from './context.ts';
import { addSettingOptions, ConfigurationError, connectionSettings } from './read-settings.ts';
import { complain, explainError } from './say.ts';
import { UsageError } from './usage-error.ts';

/** Gives a command that manages what all of these take. Call it after the command's own options, for the help's order. */
export function addManagingOptions(command: Command): Command {
  command.option('--json', 'print JSON');
  // Known only to be refused: of an option that it does not know, commander repeats the value.
  command.addOption(new Option('--service-key <token>').hideHelp());
  return addSettingOptions(command, connectionSettings);
}

/**
 * Runs a command that manages against the server that the settings lead to.
 * @returns the exit code: 0 done, 1 refused or failed, 2 for what cannot be followed, or was not confirmed
 */
export function manage(context: CliContext, flags: Flags, run: (api: Api) => Promise<void>): Promise<number> {
  return runCommand(context, async () => {
    if (flags.serviceKey !== undefined) throw new UsageError(whyNoServiceKey);
    await withServer(context, flags, run);
  });
}

/** Runs a command; of an error it prints what a person can use. Answers exit codes as `manage` does. */
export async function runCommand(context: CliContext, run: () => Promise<void>): Promise<number> {
  try {
    await run();
    return 0;
  } catch (error) {
    for (const sentence of explainError(error)) complain(context, sentence);
    return notFollowed.some((kind) => error instanceof kind) ? 2 : 1;
  }
}

/** Nothing was done, for a reason that lies with who typed it. */
const notFollowed = [UsageError, ConfigurationError, DeclinedError];

const whyNoServiceKey =
  'A service key on the command line is seen by every user of this machine, and kept in the history of your shell. ' +
  'Set KEYWRIGHT_SERVICE_KEY, or name a file that holds it with --service-key-file. Rotate the one that you gave here.';
