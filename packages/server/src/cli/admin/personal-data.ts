import type { Command } from 'commander';
import type { Flags } from '../../config.ts';
import { confirm } from '../confirm.ts';
import type { CliContext, Finish } from '../context.ts';
import { addManagingOptions, manage } from '../manage.ts';
import { formatJson } from '../output/json.ts';
import { printable } from '../printable.ts';
import { describePropagation } from '../propagation.ts';
import { say } from '../say.ts';
import { findAccount } from './find-account.ts';

export function addExportCommand(group: Command, context: CliContext, finish: Finish): void {
  const command = group
    .command('export <email>')
    .description('print all that is kept about a person, as one JSON document');
  addManagingOptions(command)
    .addHelpText('after', '\nExamples:\n  $ keywright admin export ada@example.com > ada.json')
    .action(async (email: string, flags: Flags) => finish(await exportData(context, email, flags)));
}

function exportData(context: CliContext, email: string, flags: Flags): Promise<number> {
  return manage(context, flags, async (api) => {
    const { id: accountId } = await findAccount(api, email);
    say(context.stdout, formatJson(await api.call('exportAccount', { params: { accountId } }), 2));
  });
}

interface EraseFlags extends Flags {
  yes?: boolean;
  json?: boolean;
}

export function addEraseCommand(group: Command, context: CliContext, finish: Finish): void {
  const command = group
    .command('erase <email>')
    .description('delete for good what is known of a person, and revoke its keys')
    .option('--yes', 'do not ask');
  addManagingOptions(command)
    .addHelpText('after', eraseExamples)
    .action(async (email: string, flags: EraseFlags) => finish(await erase(context, email, flags)));
}

const eraseExamples = `
The ledger keeps what happened, without names and addresses, and its chain still checks. A project whose only owner this is
must get another owner first. Backups and exports that were taken before still hold what was in them.

Examples:
  $ keywright admin export ada@example.com > ada.json
  $ keywright admin erase ada@example.com --yes`;

function erase(context: CliContext, email: string, flags: EraseFlags): Promise<number> {
  return manage(context, flags, async (api) => {
    const { id: accountId, email: address } = await findAccount(api, email);
    await confirm(
      context,
      `Erase ${address} (${accountId}) and revoke its keys for good?`,
      flags.yes ?? false,
    );
    const answer = await api.call('eraseAccount', { params: { accountId } });
    const sentence = `Erased ${printable(accountId)}; its keys are ${describePropagation(answer.propagation)}.`;
    say(context.stdout, flags.json ? formatJson(answer) : sentence);
  });
}
