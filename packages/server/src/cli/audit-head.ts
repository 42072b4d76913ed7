import type { Command } from 'commander';
import type { Flags } from '../config.ts';
import type { CliContext, Finish } from './context.ts';
import { formatHead } from './head-text.ts';
import { readHead, withLedger } from './open-ledger.ts';
import { formatJson } from './output/json.ts';
import { addSettingOptions, readSettings, storageSettings } from './read-settings.ts';
import { say, withComplaints } from './say.ts';

export function addAuditHeadCommand(audit: Command, context: CliContext, finish: Finish): void {
  const command = audit.command('head').description('print the head of the ledger, to be kept elsewhere');
  addSettingOptions(command.option('--json', 'print JSON'), storageSettings)
    .addHelpText('after', examples)
    .action(async (flags: Flags) => finish(await printHead(context, flags)));
}

const examples = `
Somebody who may write to the database could compute the whole ledger anew. With a head that is kept where they cannot
write, "keywright audit verify --head" finds it.

Examples:
  $ keywright audit head
  $ keywright audit head >> /mnt/write-once/keywright-heads`;

/** @returns the exit code */
function printHead(context: CliContext, flags: Flags): Promise<number> {
  return withComplaints(context, 1, async () => {
    const head = await withLedger(context, readSettings(context, flags), readHead);
    const json = formatJson({ seq: head.seq, hash: head.hash.toString('hex') });
    say(context.stdout, flags.json === true ? json : formatHead(head));
    return 0;
  });
}
