import type { Command } from 'commander';
import { addAdministrationCommand } from './admin/administration.ts';
import { addEndSessionsCommand } from './admin/end-sessions.ts';
import { addEraseCommand, addExportCommand } from './admin/personal-data.ts';
import { addResetPasswordCommand } from './admin/reset-password.ts';
import type { CliContext, Finish } from './context.ts';

/** The commands for accounts that nobody can help from inside. */
export function addAdminCommands(program: Command, context: CliContext, finish: Finish): void {
  const admin = program
    .command('admin')
    .description(
      'reset passwords, end sessions, say who administers, export and erase what is known of a person',
    )
    .addHelpText('after', examples);
  addResetPasswordCommand(admin, context, finish);
  addAdministrationCommand(admin, 'grant', context, finish);
  addAdministrationCommand(admin, 'revoke', context, finish);
  addEndSessionsCommand(admin, context, finish);
  addExportCommand(admin, context, finish);
  addEraseCommand(admin, context, finish);
}

const examples = `
Examples:
  $ keywright admin reset-password ada@example.com
  $ keywright admin grant ada@example.com
  $ keywright admin erase ada@example.com`;
