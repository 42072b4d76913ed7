import type { Command } from 'commander';
import type { CliContext, Finish } from './context.ts';
import { addKeysCreateCommand } from './keys/create.ts';
import { addKeysListCommand } from './keys/list.ts';
import { addKeysRevokeCommand } from './keys/revoke.ts';
import { addKeysRotateCommand } from './keys/rotate.ts';
import { addKeysShowCommand } from './keys/show.ts';
import { addKeysSwitchCommands } from './keys/switch.ts';

/** The commands for keys. */
export function addKeysCommands(program: Command, context: CliContext, finish: Finish): void {
  const keys = program
    .command('keys')
    .description('make, list, switch, rotate and revoke keys')
    .addHelpText('after', examples);
  addKeysCreateCommand(keys, context, finish);
  addKeysListCommand(keys, context, finish);
  addKeysShowCommand(keys, context, finish);
  addKeysSwitchCommands(keys, context, finish);
  addKeysRotateCommand(keys, context, finish);
  addKeysRevokeCommand(keys, context, finish);
}

const examples = `
Examples:
  $ keywright keys create --name Production --owner customer-42 --scope orders:read
  $ keywright keys list --owner customer-42
  $ keywright keys revoke key_… --reason "found in a public repository"`;
