import type { Command } from 'commander';
import type { Flags } from '../../config.ts';
import type { CliContext, Finish } from '../context.ts';
import { addManagingOptions, manage } from '../manage.ts';
import { formatJson } from '../output/json.ts';
import { formatFields } from '../output/table.ts';
import { describeKey } from './describe.ts';

export function addKeysShowCommand(group: Command, context: CliContext, finish: Finish): void {
  addManagingOptions(group.command('show <id>').description('show all that is known of a key'))
    .addHelpText('after', examples)
    .action(async (id: string, flags: Flags) => finish(await show(context, id, flags)));
}

const examples = `
Examples:
  $ keywright keys show key_…
  $ keywright keys show key_… --json | jq -r .status`;

function show(context: CliContext, id: string, flags: Flags): Promise<number> {
  return manage(context, flags, async (api) => {
    const key = await api.call('getKey', { params: { keyId: id } });
    context.stdout.write(`${flags.json === true ? formatJson(key) : formatFields(describeKey(key))}\n`);
  });
}
