import type { Command } from 'commander';
import type { Flags } from '../../config.ts';
import type { CliContext, Finish } from '../context.ts';
import { addManagingOptions, manage } from '../manage.ts';
import { formatJson } from '../output/json.ts';
import { describePropagation } from '../propagation.ts';
import { say } from '../say.ts';

/** The two positions of a key's switch. */
export function addKeysSwitchCommands(group: Command, context: CliContext, finish: Finish): void {
  addManagingOptions(
    group.command('deactivate <id>').description('switch a key off, until it is switched on again'),
  )
    .addHelpText('after', '\nExamples:\n  $ keywright keys deactivate key_…')
    .action(async (id: string, flags: Flags) => finish(await deactivate(context, id, flags)));
  addManagingOptions(group.command('activate <id>').description('switch a key on'))
    .addHelpText('after', '\nExamples:\n  $ keywright keys activate key_…')
    .action(async (id: string, flags: Flags) => finish(await activate(context, id, flags)));
}

function deactivate(context: CliContext, id: string, flags: Flags): Promise<number> {
  return manage(context, flags, async (api) => {
    const answer = await api.call('deactivateKey', { params: { keyId: id }, body: {} });
    const sentence = `Switched off ${id} (${answer.key.name}): ${describePropagation(answer.propagation)}.`;
    say(context.stdout, flags.json === true ? formatJson(answer) : sentence);
  });
}

function activate(context: CliContext, id: string, flags: Flags): Promise<number> {
  return manage(context, flags, async (api) => {
    const answer = await api.call('activateKey', { params: { keyId: id }, body: {} });
    say(context.stdout, flags.json === true ? formatJson(answer) : `Switched on ${id} (${answer.key.name}).`);
  });
}
