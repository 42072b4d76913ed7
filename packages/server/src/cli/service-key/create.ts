import { type ServiceKeyScope, serviceKeyScopes } from '@keywright/contract';
import type { Command } from 'commander';
import type { Flags } from '../../config.ts';
import { collect } from '../collect.ts';
import type { CliContext, Finish } from '../context.ts';
import { addManagingOptions, manage } from '../manage.ts';
import { saySecret } from '../say-secret.ts';
import { parseMoment } from '../times.ts';
import { UsageError } from '../usage-error.ts';
import { describeServiceKey } from './describe.ts';

export function addServiceKeyCreateCommand(group: Command, context: CliContext, finish: Finish): void {
  const command = group
    .command('create')
    .description('make a service key and print its secret, this once')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--scope <scopes>', `what it may do: ${serviceKeyScopes.join(', ')}`, collect)
    .option('--project <id>', 'the project that it is for')
    .option('--instance', 'it is for the whole instance')
    .option('--expires <when>', 'a time, or a duration from now such as 90d', parseMoment);
  addManagingOptions(command)
    .addHelpText('after', examples)
    .action(async (flags: CreateFlags) => finish(await create(context, flags)));
}

const examples = `
Examples:
  $ keywright service-key create --name "API servers" --project prj_… --scope verify
  $ keywright service-key create --name Terraform --instance --scope admin,keys:read,keys:write --expires 90d
  $ keywright service-key create --name CI --project prj_… --scope keys:write --json | jq -r .secret`;

interface CreateFlags extends Flags {
  name: string;
  scope: string[];
  project?: string;
  instance?: boolean;
  expires?: string;
  json?: boolean;
}

function create(context: CliContext, flags: CreateFlags): Promise<number> {
  return manage(context, flags, async (api) => {
    const { name, scope, project, instance = false, expires, json } = flags;
    if ((project === undefined) !== instance)
      throw new UsageError('Say what the service key is for: --project <id>, or --instance for all of it.');
    const answer = await api.call('createServiceKey', {
      body: {
        name,
        projectId: project ?? null,
        // The server says which scopes there are.
        scopes: scope as ServiceKeyScope[],
        ...(expires !== undefined && { expiresAt: expires }),
      },
    });
    const { serviceKey: subject } = answer;
    const fields = describeServiceKey(subject);
    await saySecret(context, { answer, noun: 'service key', subject, fields, json });
  });
}
