import type { Command } from 'commander';
import type { Flags } from '../../config.ts';
import type { CliContext, Finish } from '../context.ts';
import { addManagingOptions, manage } from '../manage.ts';
import { formatJson } from '../output/json.ts';
import { say } from '../say.ts';

export function addEndSessionsCommand(group: Command, context: CliContext, finish: Finish): void {
  const command = group
    .command('end-sessions')
    .description('end the sessions of all accounts, and the links for new passwords and other addresses');
  addManagingOptions(command)
    .addHelpText('after', examples)
    .action(async (flags: Flags & { json?: boolean }) => finish(await endSessions(context, flags)));
}

const examples = `
Everybody signs in anew, and loses nothing by it. It is for when you do not know who is signed in: after a leak, or after
a database was restored by other means than "keywright restore", which does it too. The keys and what they open stay.

Examples:
  $ keywright admin end-sessions`;

function endSessions(context: CliContext, flags: Flags & { json?: boolean }): Promise<number> {
  return manage(context, flags, async (api) => {
    await api.call('endAllSessions');
    say(context.stdout, flags.json ? formatJson({ done: true }) : sessionsEnded);
  });
}

export const sessionsEnded = 'All sessions ended: everybody signs in anew.';
