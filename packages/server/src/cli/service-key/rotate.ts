import type { Command } from 'commander';
import type { Flags } from '../../config.ts';
import { confirm } from '../confirm.ts';
import type { CliContext, Finish } from '../context.ts';
import { addManagingOptions, manage } from '../manage.ts';
import { saySecret } from '../say-secret.ts';
import { describeServiceKey } from './describe.ts';

export function addServiceKeyRotateCommand(group: Command, context: CliContext, finish: Finish): void {
  const command = group
    .command('rotate <id>')
    .description('give a service key a new secret and print it, this once; the old one is dead at once')
    .option('--yes', 'do not ask');
  addManagingOptions(command)
    .addHelpText('after', examples)
    .action(async (id: string, flags: RotateFlags) => finish(await rotate(context, id, flags)));
}

const examples = `
Examples:
  $ keywright service-key rotate svc_…
  $ keywright service-key rotate svc_… --yes --json | jq -r .secret`;

interface RotateFlags extends Flags {
  yes?: boolean;
  json?: boolean;
}

function rotate(context: CliContext, id: string, flags: RotateFlags): Promise<number> {
  return manage(context, flags, async (api) => {
    const { yes = false, json } = flags;
    await confirm(context, `Give ${id} a new secret? What uses the old one fails from then on.`, yes);
    const answer = await api.call('rotateServiceKey', { params: { serviceKeyId: id }, body: {} });
    const { serviceKey: subject } = answer;
    const fields = describeServiceKey(subject);
    await saySecret(context, { answer, noun: 'service key', subject, fields, json });
  });
}
