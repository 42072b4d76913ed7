import type { Command } from 'commander';
import type { Flags } from '../../config.ts';
import { confirm } from '../confirm.ts';
import type { CliContext, Finish } from '../context.ts';
import { addManagingOptions, manage } from '../manage.ts';
import { formatJson } from '../output/json.ts';
import { describePropagation } from '../propagation.ts';
import { say } from '../say.ts';

export function addServiceKeyRevokeCommand(group: Command, context: CliContext, finish: Finish): void {
  const command = group
    .command('revoke <id>')
    .description('revoke a service key for good; it leaves the list')
    .option('--yes', 'do not ask');
  addManagingOptions(command)
    .addHelpText('after', examples)
    .action(async (id: string, flags: RevokeFlags) => finish(await revoke(context, id, flags)));
}

const examples = `
When it returns, the service key is dead on every node.

Examples:
  $ keywright service-key revoke svc_…
  $ keywright service-key revoke svc_… --yes`;

interface RevokeFlags extends Flags {
  yes?: boolean;
  json?: boolean;
}

function revoke(context: CliContext, id: string, flags: RevokeFlags): Promise<number> {
  return manage(context, flags, async (api) => {
    const { yes = false, json } = flags;
    await confirm(context, `Revoke the service key ${id} for good?`, yes);
    const answer = await api.call('deleteServiceKey', { params: { serviceKeyId: id } });
    say(
      context.stdout,
      json ? formatJson(answer) : `Revoked ${id}: ${describePropagation(answer.propagation)}.`,
    );
  });
}
