import type { Command } from 'commander';
import type { Flags } from '../../config.ts';
import { confirm } from '../confirm.ts';
import type { CliContext, Finish } from '../context.ts';
import { addManagingOptions, manage } from '../manage.ts';
import { formatJson } from '../output/json.ts';
import { describePropagation } from '../propagation.ts';
import { say } from '../say.ts';

export function addKeysRevokeCommand(group: Command, context: CliContext, finish: Finish): void {
  const command = group
    .command('revoke <id>')
    .description('revoke a key for good')
    .option('--reason <text>', 'why; it is shown beside the key')
    .option('--yes', 'do not ask');
  addManagingOptions(command)
    .addHelpText('after', examples)
    .action(async (id: string, flags: RevokeFlags) => finish(await revoke(context, id, flags)));
}

const examples = `
When it returns, the key is dead on every node. It stays in the list.

Examples:
  $ keywright keys revoke key_… --reason "found in a public repository"
  $ keywright keys revoke key_… --yes --json`;

interface RevokeFlags extends Flags {
  reason?: string;
  yes?: boolean;
  json?: boolean;
}

function revoke(context: CliContext, id: string, flags: RevokeFlags): Promise<number> {
  return manage(context, flags, async (api) => {
    const { reason, yes = false, json } = flags;
    const params = { keyId: id };
    const { name } = await api.call('getKey', { params });
    await confirm(context, `Revoke ${id} (${name}) for good?`, yes);
    const answer = await api.call('revokeKey', { params, body: { ...(reason !== undefined && { reason }) } });
    const sentence = `Revoked ${id} (${name}): ${describePropagation(answer.propagation)}.`;
    say(context.stdout, json ? formatJson(answer) : sentence);
  });
}
