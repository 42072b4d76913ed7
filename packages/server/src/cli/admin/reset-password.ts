import type { Command } from 'commander';
import type { Flags } from '../../config.ts';
import type { CliContext, Finish } from '../context.ts';
import { addManagingOptions, manage } from '../manage.ts';
import { formatJson } from '../output/json.ts';
import { printable } from '../printable.ts';
import { say } from '../say.ts';
import { readNewPassword } from './read-password.ts';

export function addResetPasswordCommand(group: Command, context: CliContext, finish: Finish): void {
  const command = group
    .command('reset-password <email>')
    .description('give an account another password, and end all of its sessions');
  addManagingOptions(command)
    .addHelpText('after', examples)
    .action(async (email: string, flags: Flags & { json?: boolean }) =>
      finish(await reset(context, email, flags)),
    );
}

const examples = `
It asks for the new password at the terminal, or reads it from a pipe.

Examples:
  $ keywright admin reset-password ada@example.com
  $ keywright admin reset-password ada@example.com < /run/secrets/new-password`;

function reset(context: CliContext, email: string, flags: Flags & { json?: boolean }): Promise<number> {
  return manage(context, flags, async (api) => {
    const password = await readNewPassword(context);
    const answer = await api.call('resetPassword', { body: { email, password } });
    const sentence = `${printable(answer.account.email)} has a new password, and all of its sessions ended.`;
    say(context.stdout, flags.json ? formatJson(answer) : sentence);
  });
}
