import type { Command } from 'commander';
import { addAuditExportCommand } from './audit-export.ts';
import { addAuditHeadCommand } from './audit-head.ts';
import { addAuditVerifyCommand } from './audit-verify.ts';
import type { CliContext, Finish } from './context.ts';

/** The commands that read the ledger. They change nothing and work while a server runs. */
export function addAuditCommands(program: Command, context: CliContext, finish: Finish): void {
  const audit = program
    .command('audit')
    .description('check, export and pin down the ledger')
    .addHelpText('after', examples);
  addAuditVerifyCommand(audit, context, finish);
  addAuditHeadCommand(audit, context, finish);
  addAuditExportCommand(audit, context, finish);
}

const examples = `
Examples:
  $ keywright audit verify
  $ keywright audit head
  $ keywright audit export --output ledger.ndjson`;
