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
    .option('--without-second-factor', 'take its second factor and all of its passkeys away too')
    .addHelpText('after', examples)
    .action(async (email: string, flags: ResetFlags) => finish(await reset(context, email, flags)));
}

const examples = `
It asks for the new password at the terminal, or reads it from a pipe. A second factor and passkeys stay, unless they are
lost too: then --without-second-factor takes them away.

Examples:
  $ keywright admin reset-password ada@example.com
  $ keywright admin reset-password ada@example.com --without-second-factor
  $ keywright admin reset-password ada@example.com < /run/secrets/new-password`;

type ResetFlags = Flags & { json?: boolean; withoutSecondFactor?: boolean };

function reset(context: CliContext, email: string, flags: ResetFlags): Promise<number> {
  return manage(context, flags, async (api) => {
    const password = await readNewPassword(context);
    const withoutSecondFactor = flags.withoutSecondFactor === true;
    const body = { email, password, ...(withoutSecondFactor && { withoutSecondFactor }) };
    const answer = await api.call('resetPassword', { body });
    const besides = withoutSecondFactor ? ' Its second factor and its passkeys are gone.' : '';
    const sentence = `${printable(answer.account.email)} has a new password, and all of its sessions ended.${besides}`;
    say(context.stdout, flags.json ? formatJson(answer) : sentence);
  });
}
