import type { ServiceKey } from '@keywright/contract';
import type { Command } from 'commander';
import type { Flags } from '../../config.ts';
import type { CliContext, Finish } from '../context.ts';
import { defaultListLimit, type ListFlags, parseLimit, printList } from '../list-items.ts';
import { addManagingOptions, manage } from '../manage.ts';
import { type Column, formatMinute } from '../output/table.ts';

export function addServiceKeyListCommand(group: Command, context: CliContext, finish: Finish): void {
  const command = group
    .command('list')
    .description('list the service keys, newest first')
    .option('--project <id>', 'only those of this project')
    .option('--limit <number>', 'how many at most', parseLimit, defaultListLimit)
    .option('--all', 'all of them');
  addManagingOptions(command)
    .addHelpText('after', examples)
    .action(async (flags: Flags & ListFlags & { project?: string }) => finish(await list(context, flags)));
}

const examples = `
With --json it is one document: {"items": […], "total": 2, "totalIsExact": true}.

Examples:
  $ keywright service-key list
  $ keywright service-key list --all --json | jq -r '.items[] | select(.lastUsedAt == null) | .id'`;

function list(context: CliContext, flags: Flags & ListFlags & { project?: string }): Promise<number> {
  return manage(context, flags, (api) =>
    printList(context, flags, {
      noun: 'service keys',
      columns,
      read: (page) => api.call('listServiceKeys', { query: { ...page, projectId: flags.project } }),
    }),
  );
}

const columns: Column<ServiceKey>[] = [
  { header: 'ID', text: ({ id }) => id },
  { header: 'NAME', text: ({ name }) => name, mayShrink: true },
  { header: 'FOR', text: ({ projectId }) => projectId ?? 'the instance' },
  { header: 'SCOPES', text: ({ scopes }) => scopes.join(','), mayShrink: true },
  { header: 'SECRET', text: ({ display }) => display },
  { header: 'EXPIRES (UTC)', text: ({ expiresAt }) => formatMinute(expiresAt) },
  { header: 'LAST USED (UTC)', text: ({ lastUsedAt }) => formatMinute(lastUsedAt) },
];
