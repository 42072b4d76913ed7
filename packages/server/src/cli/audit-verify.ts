import type { Command } from 'commander';
import type { Flags } from '../config.ts';
import { type ChainReport, checkChain } from '../ledger/check-chain.ts';
import type { LedgerHead } from '../ledger/entry.ts';
import { scanLedgerUpTo } from '../ledger/export-ledger.ts';
import { ExportLineError, readExport } from '../ledger/read-export.ts';
import type { CliContext, Finish } from './context.ts';
import { formatHead, parseHead } from './head-text.ts';
import { readHead, withLedger } from './open-ledger.ts';
import { formatJson } from './output/json.ts';
import { openLines } from './read-lines.ts';
import { addSettingOptions, readSettings, storageSettings } from './read-settings.ts';
import { complain, explainError, say } from './say.ts';

export function addAuditVerifyCommand(audit: Command, context: CliContext, finish: Finish): void {
  const command = audit
    .command('verify')
    .description('check that nobody changed the ledger')
    .option('--head <seq:hash>', 'a head that was kept elsewhere, as "audit head" printed it', parseHead)
    .option('--file <path>', 'check an exported file (may be .gz) instead of the database; - reads stdin')
    .option('--json', 'print JSON');
  addSettingOptions(command, storageSettings)
    .addHelpText('after', examples)
    .action(async (flags: VerifyFlags) => finish(await verifyLedger(context, flags)));
}

const examples = `
Exit code: 0 when the chain holds, 1 when it does not, 2 when it could not be checked.

Examples:
  $ keywright audit verify
  $ keywright audit verify --head 1204:5f1c…e0
  $ keywright audit verify --file ledger.ndjson`;

interface VerifyFlags extends Flags {
  head?: LedgerHead;
  file?: string;
  json?: boolean;
}

/** @returns the exit code: 0 holds, 1 does not hold, 2 could not be checked */
async function verifyLedger(context: CliContext, flags: VerifyFlags): Promise<number> {
  const { head: keptHead, file } = flags;
  try {
    const kept = keptHead === undefined ? {} : { keptHead };
    const check = file === undefined ? verifyDatabase(context, flags, kept) : verifyFile(context, file, kept);
    const report = await check;
    say(context.stdout, flags.json ? formatJson(toJson(report)) : describeReport(report, file !== undefined));
    return report.holds ? 0 : 1;
  } catch (error) {
    const sentences = explainError(error);
    if (flags.json) say(context.stdout, formatJson({ holds: null, error: sentences.join(' ') }));
    else for (const sentence of sentences) complain(context, `not checked: ${sentence}`);
    return 2;
  }
}

interface Kept {
  keptHead?: LedgerHead;
}

function verifyDatabase(context: CliContext, flags: VerifyFlags, kept: Kept): Promise<ChainReport> {
  return withLedger(context, readSettings(context, flags), async (ledger) => {
    const storedHead = await readHead(ledger);
    return checkChain(scanLedgerUpTo(ledger, storedHead), { storedHead, ...kept });
  });
}

async function verifyFile(context: CliContext, file: string, kept: Kept): Promise<ChainReport> {
  const rows = readExport(openLines(context, file));
  try {
    const report = await checkChain(rows, kept);
    if (report.holds && report.rows === 0) throw new Error('The file is empty.');
    return report;
  } catch (error) {
    if (!(error instanceof ExportLineError)) throw error;
    // All lines before it were checked, so that its number is that of the row that is expected there.
    const { line: seq, explanation } = error;
    return {
      holds: false,
      seq,
      reason: 'malformed_row',
      explanation: `(line ${seq}) ${explanation}`,
      rows: seq - 1,
    };
  }
}

function toJson(report: ChainReport): object {
  return report.holds ? { ...report, head: formatHead(report.head) } : report;
}

/** A report as a person reads it. */
function describeReport(report: ChainReport, isFile: boolean): string {
  if (report.holds) {
    const { rows, erased, head } = report;
    return `The chain holds: ${rows} ${rows === 1 ? 'row' : 'rows'}, ${erased} erased.\nHead: ${formatHead(head)}`;
  }
  const { seq, explanation, rows, reason } = report;
  const lines = [`The chain does not hold: row ${seq} ${explanation}.`, `Rows that hold before it: ${rows}.`];
  if (isFile && seq === 1 && reason === 'missing_rows') {
    lines.push('Only an unfiltered export of the whole instance can be checked.');
  }
  return lines.join('\n');
}
