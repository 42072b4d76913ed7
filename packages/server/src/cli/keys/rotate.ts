import { defaultOverlapSeconds } from '@keywright/contract';
import type { Command } from 'commander';
import type { Flags } from '../../config.ts';
import { confirm } from '../confirm.ts';
import type { CliContext, Finish } from '../context.ts';
import { addManagingOptions, manage } from '../manage.ts';
import { saySecret } from '../say-secret.ts';
import { parseDuration } from '../times.ts';
import { describeKey } from './describe.ts';

export function addKeysRotateCommand(group: Command, context: CliContext, finish: Finish): void {
  const command = group
    .command('rotate <id>')
    .description('give a key a new secret and print it, this once; the old one works on for an overlap')
    .option(
      '--overlap <duration>',
      'how long the old one works on; 0 ends it now (default: 24h)',
      parseDuration,
    )
    .option('--yes', 'do not ask before an old secret is ended now');
  addManagingOptions(command)
    .addHelpText('after', examples)
    .action(async (id: string, flags: RotateFlags) => finish(await rotate(context, id, flags)));
}

const examples = `
A rotation during an overlap ends the secret before the last one.

Examples:
  $ keywright keys rotate key_…
  $ keywright keys rotate key_… --overlap 7d --json | jq -r .secret
  $ keywright keys rotate key_… --overlap 0 --yes`;

interface RotateFlags extends Flags {
  overlap?: number;
  yes?: boolean;
  json?: boolean;
}

function rotate(context: CliContext, id: string, flags: RotateFlags): Promise<number> {
  return manage(context, flags, async (api) => {
    const { overlap: overlapSeconds = defaultOverlapSeconds, yes = false, json } = flags;
    const params = { keyId: id };
    if (overlapSeconds === 0) {
      const { name } = await api.call('getKey', { params });
      await confirm(context, `End the present secret of ${id} (${name}) now?`, yes);
    }
    const answer = await api.call('rotateKey', { params, body: { overlapSeconds } });
    const { key: subject } = answer;
    await saySecret(context, { answer, noun: 'key', subject, fields: describeKey(subject), json });
  });
}
