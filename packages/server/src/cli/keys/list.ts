import { type Key, keySorts, keyStatuses } from '@keywright/contract';
import { type Command, Option } from 'commander';
import type { Flags } from '../../config.ts';
import type { CliContext, Finish } from '../context.ts';
import { findProject } from '../find-project.ts';
import { defaultListLimit, type ListFlags, parseLimit, printList } from '../list-items.ts';
import { addManagingOptions, manage } from '../manage.ts';
import { type Column, formatMinute } from '../output/table.ts';
import { colourOf } from './describe.ts';

export function addKeysListCommand(group: Command, context: CliContext, finish: Finish): void {
  const command = group
    .command('list')
    .description('list the keys of a project, newest first')
    .option('--project <id>', 'the project; may be left out if there is only one')
    .option('--channel <id>', 'only those bound to this channel')
    .option('--owner <id>', 'only those of this owner')
    .addOption(new Option('--status <status>', 'only those').choices(keyStatuses))
    .option('--search <text>', 'a part of name, description or owner, or a whole key id or public id')
    .addOption(new Option('--sort <field>', 'another order').choices(keySorts).default('-createdAt'))
    .option('--limit <number>', 'how many at most', parseLimit, defaultListLimit)
    .option('--all', 'all of them');
  addManagingOptions(command)
    .addHelpText('after', examples)
    .action(async (flags: ListKeysFlags) => finish(await list(context, flags)));
}

const examples = `
With --json it is one document: {"items": […], "total": 2, "totalIsExact": true}.

Examples:
  $ keywright keys list --owner customer-42 --status active
  $ keywright keys list --sort lastUsedAt --limit 100
  $ keywright keys list --all --json | jq -r '.items[].id'`;

interface ListKeysFlags extends Flags, ListFlags {
  project?: string;
  channel?: string;
  owner?: string;
  status?: string;
  search?: string;
  sort: string;
}

function list(context: CliContext, flags: ListKeysFlags): Promise<number> {
  return manage(context, flags, async (api) => {
    const projectId = await findProject(api, flags.project);
    const { channel: channelId, owner: ownerId, status, search, sort } = flags;
    await printList(context, flags, {
      noun: 'keys',
      columns,
      read: (page) =>
        api.call('listKeys', {
          params: { projectId },
          query: { ...page, channelId, ownerId, status, search, sort },
        }),
    });
  });
}

const columns: Column<Key>[] = [
  { header: 'ID', text: ({ id }) => id },
  { header: 'STATUS', text: ({ status }) => status, colour: ({ status }) => colourOf(status) },
  { header: 'NAME', text: ({ name }) => name, mayShrink: true },
  { header: 'OWNER', text: ({ ownerId }) => ownerId ?? '-', mayShrink: true },
  { header: 'KEY', text: ({ publicId, display }) => publicId ?? display ?? '-' },
  { header: 'EXPIRES (UTC)', text: ({ expiresAt }) => formatMinute(expiresAt) },
  { header: 'LAST USED (UTC)', text: ({ lastUsedAt }) => formatMinute(lastUsedAt) },
];
