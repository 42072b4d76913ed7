import type { Command } from 'commander';
import type { CliContext, Finish } from './context.ts';
import { addServiceKeyCreateCommand } from './service-key/create.ts';
import { addServiceKeyListCommand } from './service-key/list.ts';
import { addServiceKeyRevokeCommand } from './service-key/revoke.ts';
import { addServiceKeyRotateCommand } from './service-key/rotate.ts';

/** The commands for the keys with which programs call Keywright. */
export function addServiceKeyCommands(program: Command, context: CliContext, finish: Finish): void {
  const serviceKey = program
    .command('service-key')
    .description('make, list, rotate and revoke the keys with which programs call Keywright')
    .addHelpText('after', examples);
  addServiceKeyCreateCommand(serviceKey, context, finish);
  addServiceKeyListCommand(serviceKey, context, finish);
  addServiceKeyRotateCommand(serviceKey, context, finish);
  addServiceKeyRevokeCommand(serviceKey, context, finish);
}

const examples = `
Examples:
  $ keywright service-key create --name "API servers" --project prj_… --scope verify
  $ keywright service-key list
  $ keywright service-key rotate svc_…`;
